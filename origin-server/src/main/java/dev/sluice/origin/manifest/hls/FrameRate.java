package dev.sluice.origin.manifest.hls;

import dev.sluice.origin.track.Track;
import java.math.BigInteger;
import java.util.Optional;

/**
 * FRAME-RATE: the samples of the fullest fragment over the duration of the longest one, which is
 * the same fragment where the frame rate is constant. Rounding of the source's times is spread over
 * the whole fragment, so that 33 and 34 ms in turn give 29.97.
 */
final class FrameRate {
  private static final long THOUSANDTHS = 1000;

  /** Far above any display; what lies above comes from durations that are none. */
  private static final long MAX = 1000 * THOUSANDTHS;

  private FrameRate() {}

  /** Frames a second with three decimals; empty where the durations tell none. */
  static Optional<String> of(Track track) {
    long ticks = track.fragments().maxDurationTicks();
    if (ticks == 0) {
      return Optional.empty();
    }
    var divisor = BigInteger.valueOf(ticks);
    BigInteger rate =
        BigInteger.valueOf(track.fragments().maxSampleCount())
            .multiply(BigInteger.valueOf(track.timescale()))
            .multiply(BigInteger.valueOf(THOUSANDTHS))
            .add(divisor.shiftRight(1))
            .divide(divisor);
    if (rate.signum() == 0 || rate.compareTo(BigInteger.valueOf(MAX)) > 0) {
      return Optional.empty();
    }
    long thousandths = rate.longValueExact();
    String fraction = Long.toString(THOUSANDTHS + thousandths % THOUSANDTHS).substring(1);
    return Optional.of(thousandths / THOUSANDTHS + "." + fraction);
  }
}
