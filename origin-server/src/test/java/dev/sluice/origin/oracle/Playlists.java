package dev.sluice.origin.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** HLS playlists, as hls-parser in its strict mode and m3u8-parser read them. */
public final class Playlists {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Playlists() {}

  /**
   * What both parsers read, a document for each file: {@code strict} and {@code lenient}.
   *
   * @throws AssertionError if one of them refuses a playlist or warns
   */
  public static List<JsonNode> read(List<Path> files) {
    var read = new ArrayList<JsonNode>();
    var ended = run(files);
    for (String line : ended.output().lines().toList()) {
      read.add(json(line));
    }
    if (ended.status() != 0) {
      throw new AssertionError(
          "playlists.mjs: status %d: %s %s"
              .formatted(ended.status(), complaints(read), ended.errors()));
    }
    return read;
  }

  private static Command.Ended run(List<Path> files) {
    var command =
        new ArrayList<>(List.of("node", Players.FOLDER.resolve("playlists.mjs").toString()));
    files.forEach(file -> command.add(file.toString()));
    return Command.run(LIMIT, Optional.empty(), command);
  }

  private static List<String> complaints(List<JsonNode> read) {
    return read.stream()
        .filter(p -> !p.path("error").isNull() || !p.path("lenient").path("told").isEmpty())
        .map(p -> p.path("file") + ": " + p.path("error") + p.path("lenient").path("told"))
        .toList();
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
