package dev.sluice.origin.mp4;

/**
 * The {@code trex} box: what a track's fragments do not state.
 *
 * <p>Spec: ISOBMFF 8.8.3.
 */
public record TrackExtendsBox(int trackId, TrackHeader.Defaults defaults) {

  /** Reads the payload. */
  public static TrackExtendsBox read(BoxReader in) {
    in.skip(4, "version and flags");
    return new TrackExtendsBox(
        in.int32("track_ID"),
        new TrackHeader.Defaults(
            in.int32("default_sample_description_index"),
            in.int32("default_sample_duration"),
            in.int32("default_sample_size"),
            in.int32("default_sample_flags")));
  }
}
