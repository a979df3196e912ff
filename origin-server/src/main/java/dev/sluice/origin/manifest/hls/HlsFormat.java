package dev.sluice.origin.manifest.hls;

import dev.sluice.origin.drm.Protection;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.route.StreamTags;
import java.util.Collection;

/**
 * What the formats of HLS differ in: the version that a playlist needs without encryption, and the
 * extension of its segments, on which some clients insist.
 */
enum HlsFormat {
  CMAF(7, ".m4s"),
  TS(4, ".ts"),
  /** Without alternative renditions and I-frame playlists: audio is in the video's segments. */
  TS_MUXED(3, ".ts");

  static final String PLAYLIST_EXTENSION = ".m3u8";
  static final String INIT_EXTENSION = ".mp4";

  /** The first version with KEYFORMAT. */
  private static final int KEY_FORMAT_VERSION = 5;

  private final int version;
  private final String segmentExtension;

  HlsFormat(int version, String segmentExtension) {
    this.version = version;
    this.segmentExtension = segmentExtension;
  }

  /** The format that a URL asks for. */
  static HlsFormat of(StreamTags tags) {
    return switch (tags.format()) {
      case HLS_CMAF -> CMAF;
      case HLS_TS, HLS_TS_V4 -> TS;
      case HLS_TS_V3 -> TS_MUXED;
      case SMOOTH, SMOOTH_20, DASH_CSF, DASH_CMAF ->
          throw new IllegalArgumentException(
              "format: %s (expected: one of HLS)".formatted(tags.format()));
    };
  }

  /** EXT-X-VERSION of a playlist of segments with these protections. */
  int version(Collection<? extends Protection> protections) {
    boolean keyFormat = protections.stream().anyMatch(p -> p.scheme() != Scheme.CBC);
    return keyFormat ? Math.max(version, KEY_FORMAT_VERSION) : version;
  }

  String segmentExtension() {
    return segmentExtension;
  }

  boolean isTransportStream() {
    return this != CMAF;
  }

  boolean isMuxed() {
    return this == TS_MUXED;
  }
}
