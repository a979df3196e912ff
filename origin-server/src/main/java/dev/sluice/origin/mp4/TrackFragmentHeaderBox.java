package dev.sluice.origin.mp4;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The {@code tfhd} box: which track a track fragment belongs to, and its defaults.
 *
 * <p>Spec: ISOBMFF 8.8.7.
 *
 * @param trackId of the track
 * @param baseDataOffset in the file, where the fragment states it
 * @param descriptionIndex sample_description_index, from 1
 * @param defaultBaseIsMoof whether data offsets count from the movie fragment
 */
public record TrackFragmentHeaderBox(
    int trackId,
    OptionalLong baseDataOffset,
    OptionalInt descriptionIndex,
    OptionalInt defaultDurationTicks,
    OptionalInt defaultSizeBytes,
    OptionalInt defaultFlags,
    boolean durationIsEmpty,
    boolean defaultBaseIsMoof) {

  private static final int BASE_DATA_OFFSET = 0x000001;
  private static final int DESCRIPTION_INDEX = 0x000002;
  private static final int DEFAULT_DURATION = 0x000008;
  private static final int DEFAULT_SIZE = 0x000010;
  private static final int DEFAULT_FLAGS = 0x000020;
  private static final int DURATION_IS_EMPTY = 0x010000;
  private static final int DEFAULT_BASE_IS_MOOF = 0x020000;

  /** Reads the payload. */
  public static TrackFragmentHeaderBox read(BoxReader in) {
    in.skip(1, "version");
    int flags = in.uint24("flags");
    int trackId = in.int32("track_ID");
    OptionalLong base =
        (flags & BASE_DATA_OFFSET) != 0
            ? OptionalLong.of(in.uint64("base_data_offset"))
            : OptionalLong.empty();
    return new TrackFragmentHeaderBox(
        trackId,
        base,
        optional(in, flags & DESCRIPTION_INDEX, "sample_description_index"),
        optional(in, flags & DEFAULT_DURATION, "default_sample_duration"),
        optional(in, flags & DEFAULT_SIZE, "default_sample_size"),
        optional(in, flags & DEFAULT_FLAGS, "default_sample_flags"),
        (flags & DURATION_IS_EMPTY) != 0,
        (flags & DEFAULT_BASE_IS_MOOF) != 0);
  }

  private static OptionalInt optional(BoxReader in, int flag, String field) {
    return flag != 0 ? OptionalInt.of(in.int32(field)) : OptionalInt.empty();
  }
}
