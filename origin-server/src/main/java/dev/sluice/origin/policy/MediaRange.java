package dev.sluice.origin.policy;

import java.math.BigInteger;
import java.util.Optional;

/**
 * A part of the media timeline: from {@code start} on, before {@code end}.
 *
 * @param start absent: from the beginning
 * @param end absent: to the end
 */
public record MediaRange(Optional<Moment> start, Optional<Moment> end) {

  /** All of it. */
  public static final MediaRange ALL = new MediaRange(Optional.empty(), Optional.empty());

  /**
   * A time, exactly: so many ticks of a timescale.
   *
   * @param ticks at least 0
   * @param timescale ticks a second, at least 1
   */
  public record Moment(long ticks, long timescale) {
    private boolean isBefore(Moment other) {
      return scaled(other.timescale).compareTo(other.scaled(timescale)) < 0;
    }

    private BigInteger scaled(long factor) {
      return BigInteger.valueOf(ticks).multiply(BigInteger.valueOf(factor));
    }

    /** In ticks of another timescale: the last whole tick at or before it. */
    private long floor(long otherTimescale) {
      return saturated(scaled(otherTimescale).divide(BigInteger.valueOf(timescale)));
    }

    /** In ticks of another timescale: the first whole tick at or behind it. */
    private long ceiling(long otherTimescale) {
      return saturated(
          scaled(otherTimescale)
              .add(BigInteger.valueOf(timescale - 1))
              .divide(BigInteger.valueOf(timescale)));
    }

    private static long saturated(BigInteger value) {
      return value.bitLength() < Long.SIZE ? value.longValue() : Long.MAX_VALUE;
    }
  }

  /**
   * The parts of a track that overlap a range: those that end behind {@code afterTicks} and begin
   * before {@code beforeTicks}.
   */
  public record Ticks(long afterTicks, long beforeTicks) {
    /** Whether a part of the track overlaps the range. What straddles an edge does. */
    public boolean overlap(long startTicks, long endTicks) {
      return endTicks > afterTicks && startTicks < beforeTicks;
    }
  }

  /** What both keep. May be nothing. */
  MediaRange intersect(MediaRange other) {
    return new MediaRange(later(start, other.start), earlier(end, other.end));
  }

  /** The range in ticks of a track, exactly. */
  public Ticks inTimescale(long timescale) {
    if (isEmpty()) {
      return new Ticks(Long.MAX_VALUE, 0);
    }
    return new Ticks(
        start.map(from -> from.floor(timescale)).orElse(-1L),
        end.map(to -> to.ceiling(timescale)).orElse(Long.MAX_VALUE));
  }

  /** Whether it keeps nothing. */
  public boolean isEmpty() {
    return start.isPresent() && end.isPresent() && !start.get().isBefore(end.get());
  }

  private static Optional<Moment> later(Optional<Moment> one, Optional<Moment> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    return one.get().isBefore(other.get()) ? other : one;
  }

  private static Optional<Moment> earlier(Optional<Moment> one, Optional<Moment> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    return one.get().isBefore(other.get()) ? one : other;
  }
}
