package dev.sluice.origin.segment.ts;

/**
 * Times of a track on the 90 kHz clock that all streams of a title share.
 *
 * <pre>
 *   10 s + (ticks - media_time of the edit list) * 90,000 / timescale, rounded half up
 * </pre>
 *
 * <p>Each time is converted by itself, from the beginning of the track, so that errors do not add
 * up and segments need not know each other. The 10 s keep decode times and PCRs that lie before the
 * first picture above 0; what was cut away by an edit list of more than that has times just below
 * the wrap at 2^33, where a clock that counts up to 0 has them.
 *
 * <p>Spec: ISO/IEC 13818-1 2.4.3.7; ISOBMFF 8.6.6.
 *
 * @param timescale of the track, ticks a second
 * @param originTicks media_time of the edit list, 0 where there is none
 */
record StreamClock(long timescale, long originTicks) {

  /** Ticks a second of every time in a transport stream. */
  static final int HZ = 90_000;

  /** What time 0 of the presentation is. */
  static final long START = 10L * HZ;

  /** The clock at a time of the track; not wrapped. */
  long at(long ticks) {
    long time = ticks - originTicks;
    long seconds = Math.floorDiv(time, timescale);
    long rest = Math.floorMod(time, timescale);
    return START + seconds * HZ + (rest * HZ + timescale / 2) / timescale;
  }
}
