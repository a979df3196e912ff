package dev.sluice.origin.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.origin.media.KeyId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A browser, headless, which plays a title with a player that real pages use: an independent
 * demuxer, ClearKey module and decoder. Certificates are not checked.
 */
public final class Browser {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int START_AND_END_SECONDS = 30;

  private Browser() {}

  /** A browser; the two have neither a ClearKey module nor a decoder in common. */
  public enum Engine {
    CHROMIUM,
    FIREFOX;

    /** Its name as people write it. */
    public String title() {
      return this == CHROMIUM ? "Chromium" : "Firefox";
    }

    private String argument() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A player on a bare page, whose origin is never that of the title. */
  public enum Player {
    /** DASH, and HLS with {@code identity} keys. */
    SHAKA("shaka", "Shaka Player"),
    /** DASH. */
    DASHJS("dashjs", "dash.js"),
    /** DASH. */
    RX("rx", "RxPlayer"),
    /**
     * HLS, with {@code org.w3.clearkey} keys. Of the key's URI it takes the licence; where that is
     * a {@code data:} URI it asks the key server of the manifest's origin.
     */
    HLSJS("hlsjs", "hls.js"),
    /** Smooth Streaming, by the last release of Shaka Player that has it. */
    SHAKA4_SMOOTH("shaka4-smooth", "Shaka Player 4"),
    /** Smooth Streaming. */
    DASHJS_MSS("dashjs-mss", "dash.js"),
    /** Smooth Streaming. */
    RX_SMOOTH("rx-smooth", "RxPlayer");

    private final String argument;
    private final String title;

    Player(String argument, String title) {
      this.argument = argument;
      this.title = title;
    }

    /** Its name as people write it. */
    public String title() {
      return title;
    }
  }

  /** A request that the page made. */
  public record Request(String method, String url, Optional<Integer> status) {}

  /**
   * What was seen.
   *
   * @param ok whether the picture moved to the wanted second without an error
   * @param frames pictures decoded
   * @param error as the player tells it, JSON text
   * @param all everything that the script printed
   */
  public record Seen(
      boolean ok,
      double currentTime,
      long frames,
      Optional<String> error,
      List<Request> requests,
      JsonNode all) {}

  /** The server's own player page. */
  public static Playback page(String url) {
    return new Playback(List.of("--page", url), 5, 30);
  }

  /** A manifest in a bare player. */
  public static Playback manifest(String url, Player player) {
    return new Playback(List.of("--manifest", url, "--player", player.argument), 5, 30);
  }

  /**
   * What to play and how.
   *
   * @param seconds how far the picture has to get
   * @param limitSeconds when to give up
   */
  public record Playback(List<String> arguments, int seconds, int limitSeconds) {

    /** The same, to another second. */
    public Playback to(int newSeconds) {
      return new Playback(arguments, newSeconds, limitSeconds);
    }

    /** The same, given up after other seconds. */
    public Playback within(int newLimitSeconds) {
      return new Playback(arguments, seconds, newLimitSeconds);
    }

    /** The same in a browser other than Chromium. */
    public Playback in(Engine engine) {
      return with("--browser", engine.argument());
    }

    /** The same with a Bearer token on requests for licences and keys. */
    public Playback token(String token) {
      return with("--token", token);
    }

    /** The same with keys (hex) given to the player, which then asks for no licence. */
    public Playback clearKeys(Map<KeyId, String> keysHex) {
      return with(
          "--clearkeys",
          keysHex.entrySet().stream()
              .map(e -> ShakaPackager.hex(e.getKey()) + "=" + e.getValue())
              .collect(Collectors.joining(",")));
    }

    /**
     * The same with the browser's ClearKey module acting as PlayReady's, which no browser here has.
     * The player's own code for PlayReady does the rest; it needs {@link #clearKeys}.
     */
    public Playback playReadyByClearKey() {
      return with("--playready", "clearkey");
    }

    /** The same in a window of another width, in pixels. */
    public Playback width(int pixels) {
      return with("--width", Integer.toString(pixels));
    }

    /** The same with a picture of the page at the end. */
    public Playback screenshot(Path png) {
      return with("--screenshot", png.toAbsolutePath().toString());
    }

    /** The arguments without their dashes, by name. */
    private Map<String, String> job() {
      var job = new LinkedHashMap<String, String>();
      for (int i = 0; i < arguments.size(); i += 2) {
        job.put(arguments.get(i).substring(2), arguments.get(i + 1));
      }
      job.put("seconds", Integer.toString(seconds));
      job.put("timeout", Integer.toString(limitSeconds));
      return job;
    }

    private Playback with(String name, String value) {
      var more = new ArrayList<>(arguments);
      more.add(name);
      more.add(value);
      return new Playback(List.copyOf(more), seconds, limitSeconds);
    }

    /** Plays. That nothing moves is seen, not thrown; only a script that fails is. */
    public Seen play() {
      var command = new ArrayList<>(List.of("node", Players.FOLDER.resolve("play.mjs").toString()));
      command.addAll(arguments);
      command.addAll(List.of("--seconds", Integer.toString(seconds)));
      command.addAll(List.of("--timeout", Integer.toString(limitSeconds)));
      Duration limit = Duration.ofSeconds(limitSeconds + START_AND_END_SECONDS);
      var ended = Command.run(limit, Optional.empty(), command);
      if (ended.status() > 1 || ended.output().isBlank()) {
        throw new AssertionError(
            "play.mjs: status %d: %s".formatted(ended.status(), ended.errors()));
      }
      return seen(ended.output());
    }
  }

  /**
   * Plays many in one browser, a few at a time, which is much quicker than one by one.
   *
   * @return what was seen of each, in the order of {@code playbacks}
   */
  public static List<Seen> playAll(Engine engine, List<Playback> playbacks) {
    try {
      Path jobs = Files.createTempFile("playbacks", ".json");
      JSON.writeValue(jobs.toFile(), playbacks.stream().map(Playback::job).toList());
      var command =
          List.of(
              "node",
              Players.FOLDER.resolve("play.mjs").toString(),
              "--batch",
              jobs.toString(),
              "--browser",
              engine.argument());
      int limitSeconds = playbacks.stream().mapToInt(Playback::limitSeconds).sum();
      var limit = Duration.ofSeconds(limitSeconds + START_AND_END_SECONDS);
      var ended = Command.run(limit, Optional.empty(), command);
      Files.delete(jobs);
      var seen = new TreeMap<Integer, Seen>();
      for (String line : ended.output().lines().toList()) {
        seen.put(JSON.readTree(line).path("job").asInt(), seen(line));
      }
      if (seen.size() != playbacks.size()) {
        throw new AssertionError(
            "play.mjs: %d results (expected: %d): %s"
                .formatted(seen.size(), playbacks.size(), ended.errors()));
      }
      return List.copyOf(seen.values());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Seen seen(String json) {
    try {
      JsonNode all = JSON.readTree(json);
      JsonNode error = all.path("error");
      var requests = new ArrayList<Request>();
      for (JsonNode request : all.path("requests")) {
        requests.add(
            new Request(
                request.path("method").asText(),
                request.path("url").asText(),
                request.has("status")
                    ? Optional.of(request.path("status").asInt())
                    : Optional.empty()));
      }
      return new Seen(
          all.path("ok").asBoolean(),
          all.path("currentTime").asDouble(),
          all.path("frames").asLong(),
          error.isNull() || error.isMissingNode()
              ? Optional.empty()
              : Optional.of(error.toString()),
          List.copyOf(requests),
          all);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
