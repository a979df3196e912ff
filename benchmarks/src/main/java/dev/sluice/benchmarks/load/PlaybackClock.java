package dev.sluice.benchmarks.load;

/**
 * What a player shows: media time that advances with the clock as long as there is some in the
 * buffer. Nanoseconds throughout; the caller says what time it is.
 */
final class PlaybackClock {
  private long atNanos;
  private long playedNanos;
  private long bufferedNanos;
  private boolean stalled;
  private long stalls;
  private long stallNanos;

  /** Whether the first picture was shown. */
  boolean isStarted() {
    return bufferedNanos > 0;
  }

  /** All media before a time is there. */
  void buffered(long mediaNanos, long nowNanos) {
    advance(nowNanos);
    if (mediaNanos > bufferedNanos) {
      bufferedNanos = mediaNanos;
      stalled = false;
    }
  }

  /** The media time that is shown. */
  long played(long nowNanos) {
    advance(nowNanos);
    return playedNanos;
  }

  /** How long what is there still plays. */
  long leftNanos(long nowNanos) {
    advance(nowNanos);
    return bufferedNanos - playedNanos;
  }

  /** How often the buffer ran dry. */
  long stalls() {
    return stalls;
  }

  /** How long it was dry, in all, up to the last time that was named. */
  long stallNanos() {
    return stallNanos;
  }

  private void advance(long nowNanos) {
    long elapsed = isStarted() ? nowNanos - atNanos : 0;
    atNanos = nowNanos;
    long left = bufferedNanos - playedNanos;
    if (elapsed <= left) {
      playedNanos += elapsed;
      return;
    }
    playedNanos = bufferedNanos;
    stallNanos += elapsed - left;
    if (!stalled) {
      stalled = true;
      stalls++;
    }
  }
}
