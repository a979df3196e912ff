package dev.sluice.origin.track;

/**
 * From one timescale to another. Times are rounded down, each by itself, so that what begins where
 * something else ends still does, and errors do not add up.
 *
 * @param from ticks a second, at least 1
 * @param to ticks a second, at least 1
 */
public record Timescales(long from, long to) {

  /** What Smooth Streaming counts in: 100 nanoseconds. Some of its clients know nothing else. */
  public static final long SMOOTH_STREAMING = 10_000_000;

  public Timescales {
    if (from < 1 || to < 1) {
      throw new IllegalArgumentException(
          "timescales: %d, %d (expected: at least 1)".formatted(from, to));
    }
  }

  /** From a track's own to that of Smooth Streaming. */
  public static Timescales toSmooth(Track track) {
    return new Timescales(track.timescale(), SMOOTH_STREAMING);
  }

  /**
   * A time in the other timescale.
   *
   * @throws ArithmeticException if it does not fit a long
   */
  public long convert(long ticks) {
    long seconds = Math.floorDiv(ticks, from);
    long rest = Math.floorMod(ticks, from);
    return Math.addExact(Math.multiplyExact(seconds, to), Math.multiplyExact(rest, to) / from);
  }
}
