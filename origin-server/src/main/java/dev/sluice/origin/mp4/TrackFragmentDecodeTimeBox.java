package dev.sluice.origin.mp4;

/**
 * The {@code tfdt} box: the decode time of a track fragment's first sample.
 *
 * <p>Spec: ISOBMFF 8.8.12.
 */
public record TrackFragmentDecodeTimeBox(long baseMediaDecodeTimeTicks) {

  /** Reads the payload, version 0 (32 bits) or 1 (64 bits). */
  public static TrackFragmentDecodeTimeBox read(BoxReader in) {
    int version = in.uint8("version");
    in.skip(3, "flags");
    return switch (version) {
      case 0 -> new TrackFragmentDecodeTimeBox(in.uint32("baseMediaDecodeTime"));
      case 1 -> new TrackFragmentDecodeTimeBox(in.uint64("baseMediaDecodeTime"));
      default ->
          throw in.malformed("version: %d (expected: 0 or 1)".formatted(version), "ISOBMFF 8.8.12");
    };
  }
}
