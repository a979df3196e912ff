package dev.sluice.origin.manifest;

import java.math.BigInteger;
import java.util.Locale;

/** Exact arithmetic on times of tracks whose timescales differ, and their printed form. */
public final class MediaTimes {
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final int MICRO_DIGITS = 6;

  private MediaTimes() {}

  /**
   * A time in ticks of its own timescale.
   *
   * @param ticks at least 0
   * @param timescale at least 1
   */
  public record Instant(long ticks, long timescale) implements Comparable<Instant> {

    /** The last tick of another timescale that is not behind this instant. */
    public long floorTicks(long otherTimescale) {
      return BigInteger.valueOf(ticks)
          .multiply(BigInteger.valueOf(otherTimescale))
          .divide(BigInteger.valueOf(timescale))
          .longValueExact();
    }

    @Override
    public int compareTo(Instant other) {
      return BigInteger.valueOf(ticks)
          .multiply(BigInteger.valueOf(other.timescale))
          .compareTo(BigInteger.valueOf(other.ticks).multiply(BigInteger.valueOf(timescale)));
    }
  }

  /** Microseconds from one instant to a later one, rounded up. */
  public static long microsBetween(Instant from, Instant to) {
    return ticksBetween(from, to, MICROS_PER_SECOND);
  }

  /** Ticks of a timescale from one instant to a later one, rounded up. */
  public static long ticksBetween(Instant from, Instant to, long timescale) {
    var difference =
        BigInteger.valueOf(to.ticks)
            .multiply(BigInteger.valueOf(from.timescale))
            .subtract(BigInteger.valueOf(from.ticks).multiply(BigInteger.valueOf(to.timescale)));
    var divisor = BigInteger.valueOf(from.timescale).multiply(BigInteger.valueOf(to.timescale));
    var parts = difference.multiply(BigInteger.valueOf(timescale)).divideAndRemainder(divisor);
    return parts[0].longValueExact() + (parts[1].signum() > 0 ? 1 : 0);
  }

  /** An xs:duration in seconds alone, without trailing zeros: {@code PT10.56S}. */
  public static String duration(long micros) {
    String seconds = Long.toString(micros / MICROS_PER_SECOND);
    long fraction = micros % MICROS_PER_SECOND;
    if (fraction == 0) {
      return "PT" + seconds + "S";
    }
    String digits = String.format(Locale.ROOT, "%0" + MICRO_DIGITS + "d", fraction);
    return "PT" + seconds + "." + digits.replaceFirst("0+$", "") + "S";
  }
}
