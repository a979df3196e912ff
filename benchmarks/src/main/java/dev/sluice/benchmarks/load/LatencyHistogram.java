package dev.sluice.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * Counts durations in steps whose width grows with the value, so that a quantile is at most 1/32
 * above the truth, whatever the range. Microseconds, up to 19 hours; longer ones count as that. 8
 * KiB, however many are recorded. Safe for use by many threads.
 */
final class LatencyHistogram {
  /*
   * Values below 64 have a step each. Above, each octave [2^k, 2^(k+1)) has 32 steps: the value
   * shifted right until 6 bits are left is the step within, and the shift is the octave.
   */
  private static final int STEP_BITS = 5;

  private static final int STEPS = 1 << STEP_BITS;
  private static final long MAX_MICROS = (1L << 36) - 1;

  private final AtomicLongArray counts = new AtomicLongArray(step(MAX_MICROS) + 1);
  private final LongAccumulator maxMicros = new LongAccumulator(Math::max, 0);

  /** Counts one duration; a negative one is 0. */
  void record(long nanos) {
    long micros = Math.clamp(nanos / 1000, 0, MAX_MICROS);
    counts.incrementAndGet(step(micros));
    maxMicros.accumulate(micros);
  }

  /** How many were recorded. */
  long count() {
    long sum = 0;
    for (int i = 0; i < counts.length(); i++) {
      sum += counts.get(i);
    }
    return sum;
  }

  /** The longest, exact to the microsecond; zero if there is none. */
  Duration max() {
    return ofMicros(maxMicros.get());
  }

  /**
   * The duration that so much of all is not above: the upper edge of its step, and never above
   * {@link #max}. Zero if there is none.
   *
   * @param fraction above 0, up to 1
   */
  Duration quantile(double fraction) {
    if (!(fraction > 0 && fraction <= 1)) {
      throw new IllegalArgumentException("fraction: %s (expected: in (0, 1])".formatted(fraction));
    }
    long wanted = (long) Math.ceil(fraction * count());
    long seen = 0;
    for (int i = 0; i < counts.length(); i++) {
      seen += counts.get(i);
      if (seen >= wanted && seen > 0) {
        return ofMicros(Math.min(upperMicros(i), maxMicros.get()));
      }
    }
    return max();
  }

  private static int step(long micros) {
    if (micros < 2 * STEPS) {
      return (int) micros;
    }
    int shift = Long.SIZE - 1 - STEP_BITS - Long.numberOfLeadingZeros(micros);
    return (shift << STEP_BITS) + (int) (micros >>> shift);
  }

  private static long upperMicros(int step) {
    if (step < 2 * STEPS) {
      return step;
    }
    int shift = (step >> STEP_BITS) - 1;
    long value = (step & (STEPS - 1)) + (long) STEPS;
    return ((value + 1) << shift) - 1;
  }

  private static Duration ofMicros(long micros) {
    return Duration.ofNanos(micros * 1000);
  }
}
