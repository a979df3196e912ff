package dev.sluice.origin.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.origin.media.KeyId;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

    private String argument() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A player on a bare page, whose origin is never that of the title. */
  public enum Player {
    /** DASH, and HLS with {@code identity} keys. */
    SHAKA("shaka"),
    /** DASH. */
    DASHJS("dashjs"),
    /** DASH. */
    RX("rx"),
    /**
     * HLS, with {@code org.w3.clearkey} keys. Of the key's URI it takes the licence; where that is
     * a {@code data:} URI it asks the key server of the manifest's origin.
     */
    HLSJS("hlsjs"),
    /** Smooth Streaming, by the last release of Shaka Player that has it. */
    SHAKA4_SMOOTH("shaka4-smooth"),
    /** Smooth Streaming. */
    DASHJS_MSS("dashjs-mss"),
    /** Smooth Streaming. */
    RX_SMOOTH("rx-smooth");

    private final String argument;

    Player(String argument) {
      this.argument = argument;
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

    /** The same in a window of another width, in pixels. */
    public Playback width(int pixels) {
      return with("--width", Integer.toString(pixels));
    }

    /** The same with a picture of the page at the end. */
    public Playback screenshot(Path png) {
      return with("--screenshot", png.toAbsolutePath().toString());
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
