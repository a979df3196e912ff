package dev.sluice.origin.manifest.hls;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.track.Track;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** A playlist under construction, line by line. */
final class PlaylistWriter {
  /** Some 150,000 segments. */
  private static final int MAX_CHARACTERS = 1 << 24;

  private final StringBuilder out = new StringBuilder("#EXTM3U\n");

  /** A playlist of this protocol version. */
  PlaylistWriter(int version) {
    tag("EXT-X-VERSION", version);
  }

  /**
   * Says that segments can be decoded without others, where that is true. Each begins with a sync
   * sample, since the index is made so, but in an open GOP pictures follow that need the segment
   * before.
   */
  void independentSegments(Stream<Track> tracks) {
    if (tracks.noneMatch(track -> track.fragments().hasLeadingSamples())) {
      tag("EXT-X-INDEPENDENT-SEGMENTS");
    }
  }

  void tag(String name) {
    line("#" + name);
  }

  void tag(String name, long value) {
    line("#" + name + ":" + value);
  }

  void tag(String name, String value) {
    line("#" + name + ":" + value);
  }

  void tag(String name, AttributeList attributes) {
    tag(name, attributes.toString());
  }

  /** A URI that {@code ChildUrls} wrote. */
  void uri(String uri) {
    line(uri);
  }

  byte[] toBytes() {
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void line(String text) {
    if (out.length() + text.length() >= MAX_CHARACTERS) {
      throw new ContentFailure(
          FailureCode.MPE_INPUT_NOT_SUPPORTED,
          "playlist: more than %d characters (expected: fewer segments or tracks)"
              .formatted(MAX_CHARACTERS),
          "");
    }
    out.append(text).append('\n');
  }
}
