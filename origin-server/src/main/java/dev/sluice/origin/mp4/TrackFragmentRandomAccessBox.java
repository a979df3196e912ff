package dev.sluice.origin.mp4;

import java.util.OptionalLong;

/**
 * The {@code tfra} box: at which times, and where in the file, movie fragments with a sync sample
 * of one track begin.
 *
 * <p>Spec: ISOBMFF 8.8.10.
 */
public final class TrackFragmentRandomAccessBox {
  private static final String CLAUSE = "ISOBMFF 8.8.10";

  private final int trackId;
  private final long[] timeTicks;
  private final long[] moofOffsetBytes;

  private TrackFragmentRandomAccessBox(int trackId, long[] timeTicks, long[] moofOffsetBytes) {
    this.trackId = trackId;
    this.timeTicks = timeTicks;
    this.moofOffsetBytes = moofOffsetBytes;
  }

  /** Reads the payload. */
  public static TrackFragmentRandomAccessBox read(BoxReader in) {
    int version = in.uint8("version");
    if (version > 1) {
      throw in.malformed("version: %d (expected: 0 or 1)".formatted(version), CLAUSE);
    }
    in.skip(3, "flags");
    int trackId = in.int32("track_ID");
    int lengths = in.int32("length sizes");
    int numbersBytes = (lengths >> 4 & 3) + (lengths >> 2 & 3) + (lengths & 3) + 3;
    long count = in.uint32("number_of_entry");
    int entryBytes = (version == 0 ? 8 : 16) + numbersBytes;
    if (count * entryBytes > in.remaining()) {
      throw in.malformed(
          "number_of_entry: %d (expected: %d bytes each, %d are left)"
              .formatted(count, entryBytes, in.remaining()),
          CLAUSE);
    }
    long[] times = new long[(int) count];
    long[] offsets = new long[(int) count];
    for (int i = 0; i < count; i++) {
      times[i] = version == 0 ? in.uint32("time") : in.uint64("time");
      offsets[i] = version == 0 ? in.uint32("moof_offset") : in.uint64("moof_offset");
      if (i > 0 && offsets[i] < offsets[i - 1]) {
        throw in.malformed(
            "moof_offset: %d (expected: >= %d, the one before)"
                .formatted(offsets[i], offsets[i - 1]),
            CLAUSE);
      }
      in.skip(numbersBytes, "traf, trun and sample number");
    }
    return new TrackFragmentRandomAccessBox(trackId, times, offsets);
  }

  /** The track that it indexes. */
  public int trackId() {
    return trackId;
  }

  /** The time that the first entry of a {@code moof} states, in the track's timescale. */
  public OptionalLong timeTicks(long moofOffset) {
    int low = 0;
    int high = moofOffsetBytes.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (moofOffsetBytes[middle] < moofOffset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < moofOffsetBytes.length && moofOffsetBytes[low] == moofOffset
        ? OptionalLong.of(timeTicks[low])
        : OptionalLong.empty();
  }
}
