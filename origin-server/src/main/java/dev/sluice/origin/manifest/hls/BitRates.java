package dev.sluice.origin.manifest.hls;

import java.util.List;

/**
 * The rates of a media playlist, or of several that play together, in bits a second, rounded up.
 *
 * @param peak the largest of any segments in a row that last between half and one and a half times
 *     the target duration
 * @param average of all segments
 *     <p>Spec: RFC 8216bis 4.1.
 */
record BitRates(long peak, long average) {
  private static final double BITS_MICROS = 8e6;

  /** Bounds the work where one segment is a thousand times as long as the others. */
  private static final int MAX_ROW = 256;

  /** What silence and endless frames have, since 0 is no rate. */
  private static final BitRates LEAST = new BitRates(1, 1);

  /** The rates of one playlist. */
  static BitRates of(ServedSizes sizes, SegmentTimes times, long targetSeconds) {
    int count = times.track().fragments().count();
    long totalBytes = 0;
    double peak = 0;
    for (int first = 0; first < count; first++) {
      totalBytes += sizes.bytes(first);
      peak = Math.max(peak, peakFrom(first, sizes, times, targetSeconds));
    }
    double average = rate(totalBytes, times.totalMicros());
    return new BitRates((long) Math.ceil(Math.max(peak, average)), (long) Math.ceil(average));
  }

  /** The largest rate of a row of segments that begins here; 0 if the rest is too short. */
  private static double peakFrom(
      int first, ServedSizes sizes, SegmentTimes times, long targetSeconds) {
    int count = times.track().fragments().count();
    long bytes = 0;
    long micros = 0;
    double peak = 0;
    for (int i = first; i < count && i - first < MAX_ROW; i++) {
      bytes += sizes.bytes(i);
      micros += times.micros(i);
      if (micros > targetSeconds * 1_500_000) {
        break;
      }
      if (micros >= targetSeconds * 500_000) {
        peak = Math.max(peak, rate(bytes, micros));
      }
    }
    return peak;
  }

  /** The rates of two playlists that play at once. */
  BitRates plus(BitRates other) {
    return new BitRates(peak + other.peak, average + other.average);
  }

  /** The worst of alternatives. */
  static BitRates worst(List<BitRates> alternatives) {
    return alternatives.stream()
        .reduce(
            LEAST,
            (a, b) -> new BitRates(Math.max(a.peak, b.peak), Math.max(a.average, b.average)));
  }

  private static double rate(long bytes, long micros) {
    return micros <= 0 ? 1 : bytes * BITS_MICROS / micros;
  }
}
