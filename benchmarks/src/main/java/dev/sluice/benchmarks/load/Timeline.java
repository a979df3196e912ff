package dev.sluice.benchmarks.load;

import java.util.Arrays;

/**
 * Starts and durations of segments, in ticks of one timescale: 16 bytes a segment.
 *
 * @param ticksPerSecond the timescale
 */
@SuppressWarnings("ArrayRecordComponent") // shared within this package, changed never
record Timeline(long ticksPerSecond, long[] starts, long[] durations) {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  int count() {
    return starts.length;
  }

  /** How long a segment plays. */
  long durationNanos(int index) {
    long ticks = durations[index];
    return ticks / ticksPerSecond * NANOS_PER_SECOND
        + ticks % ticksPerSecond * NANOS_PER_SECOND / ticksPerSecond;
  }

  /** Collects a timeline, run by run. */
  static final class Builder {
    private long[] starts = new long[64];
    private long[] durations = new long[64];
    private int count;
    private long next;

    /** Where the next segment starts if nothing else is said. */
    long next() {
      return next;
    }

    /**
     * Adds segments of one duration.
     *
     * @throws LoadFailure if there are too many, or one has no duration
     */
    void add(long start, long duration, long repeats) throws LoadFailure {
      if (duration < 1 || start < 0 || repeats < 1) {
        throw new LoadFailure(
            "manifest",
            "timeline: %d segments of %d at %d (expected: a duration >= 1)"
                .formatted(repeats, duration, start));
      }
      if (repeats > Segments.MAX_COUNT - count || start > Long.MAX_VALUE / 4) {
        throw new LoadFailure(
            "manifest",
            "timeline: too long (expected: <= %d segments)".formatted(Segments.MAX_COUNT));
      }
      int after = count + (int) repeats;
      if (after > starts.length) {
        int room = Math.max(after, Math.min(2 * starts.length, Segments.MAX_COUNT));
        starts = Arrays.copyOf(starts, room);
        durations = Arrays.copyOf(durations, room);
      }
      next = start;
      while (count < after) {
        if (next > Long.MAX_VALUE - duration) {
          throw new LoadFailure("manifest", "timeline: its times overflow");
        }
        starts[count] = next;
        durations[count] = duration;
        next += duration;
        count++;
      }
    }

    Timeline build(long ticksPerSecond) {
      return new Timeline(
          ticksPerSecond, Arrays.copyOf(starts, count), Arrays.copyOf(durations, count));
    }
  }
}
