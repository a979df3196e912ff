package dev.sluice.origin.mp4;

/**
 * The {@code tkhd} box: a track's id, and its size where it is visual.
 *
 * <p>Spec: ISOBMFF 8.3.2.
 *
 * @param width whole pixels
 * @param height whole pixels
 */
public record TrackHeaderBox(int trackId, int width, int height) {

  /** Reads the payload, version 0 or 1. */
  public static TrackHeaderBox read(BoxReader in) {
    int version = in.uint8("version");
    if (version > 1) {
      throw in.malformed("version: %d (expected: 0 or 1)".formatted(version), "ISOBMFF 8.3.2");
    }
    in.skip(3, "flags");
    in.skip(version == 0 ? 8 : 16, "creation and modification time");
    int trackId = in.int32("track_ID");
    if (trackId == 0) {
      throw in.malformed("track_ID: 0 (expected: not 0)", "ISOBMFF 8.3.2");
    }
    in.skip(version == 0 ? 8 : 12, "duration");
    in.skip(8 + 8 + 36, "layer, volume and matrix");
    int width = in.uint16("width");
    in.skip(2, "width's fraction");
    int height = in.uint16("height");
    in.skip(2, "height's fraction");
    return new TrackHeaderBox(trackId, width, height);
  }
}
