package dev.sluice.origin.manifest.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.origin.oracle.Playlists;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two parsers of others read every kept playlist, and read what was meant. */
final class PlaylistParsersTest {
  @TempDir private Path folder;

  @Test
  void areUnderstoodByTwoParsers() throws IOException {
    List<Path> files;
    try (var walk = Files.walk(PlaylistGoldenTest.FOLDER)) {
      files = walk.filter(file -> file.toString().endsWith(".m3u8")).sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(50);

    var read = Playlists.read(files);

    assertThat(read).hasSameSizeAs(files);
    for (int i = 0; i < files.size(); i++) {
      var ours = ParsedPlaylist.parse(Files.readString(files.get(i)));
      assertThat(uris(read.get(i).path("lenient"))).as("" + files.get(i)).isEqualTo(ours.uris());
      var strict = read.get(i).path("strict");
      assertThat(strict.path("version").asText()).isEqualTo(ours.value("EXT-X-VERSION"));
      if (strict.has("segments")) {
        assertThat(durations(strict)).isEqualTo(ours.durations());
        assertThat(strict.path("keyframes").asBoolean()).isEqualTo(ours.has("EXT-X-I-FRAMES-ONLY"));
        requireKeys(strict, ours);
      } else {
        assertThat(strict.path("variants").size())
            .isEqualTo(ours.uris().size() + ours.all("EXT-X-I-FRAME-STREAM-INF").size());
        assertThat(strict.path("sessionKeys").size())
            .isEqualTo(ours.all("EXT-X-SESSION-KEY").size());
      }
    }
  }

  @Test
  void wouldNotUnderstandWhatIsWrong() throws IOException {
    Path wrong = folder.resolve("wrong.m3u8");
    Files.writeString(
        wrong,
        Files.readString(PlaylistGoldenTest.FOLDER.resolve("cmaf-clear/video-640000.m3u8"))
            .replace("TARGETDURATION:2", "TARGETDURATION:1"));

    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> Playlists.read(List.of(wrong)))
        .withMessageContaining("target duration");
  }

  /** hls-parser keeps the last of several keys. */
  private static void requireKeys(JsonNode strict, ParsedPlaylist ours) {
    var keys = ours.all("EXT-X-KEY");
    for (JsonNode segment : strict.path("segments")) {
      if (keys.isEmpty()) {
        assertThat(segment.path("key").isNull()).isTrue();
      } else {
        var last = keys.getLast();
        assertThat(segment.path("key").path("method").asText()).isEqualTo(last.get("METHOD"));
        assertThat(segment.path("key").path("uri").asText()).isEqualTo(last.get("URI"));
        assertThat("0x" + segment.path("key").path("iv").asText())
            .isEqualTo(last.has("IV") ? last.get("IV") : "0xnull");
      }
      assertThat(segment.path("map").isNull()).isEqualTo(!ours.has("EXT-X-MAP"));
    }
  }

  private static List<String> uris(JsonNode lenient) {
    var uris = new ArrayList<String>();
    lenient.path("playlists").forEach(playlist -> uris.add(playlist.path("uri").asText()));
    lenient.path("segments").forEach(segment -> uris.add(segment.path("uri").asText()));
    return uris;
  }

  private static List<Double> durations(JsonNode strict) {
    var durations = new ArrayList<Double>();
    strict.path("segments").forEach(segment -> durations.add(segment.path("duration").asDouble()));
    return durations;
  }
}
