package dev.sluice.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PlaybackClockTest {
  private static final long SECOND = 1_000_000_000;

  /** Late enough for nanoTime to overflow; not a constant for the compiler, which minds that. */
  private static final long START = Long.valueOf(Long.MAX_VALUE - 5 * SECOND);

  private final PlaybackClock clock = new PlaybackClock();

  @Test
  void doesNotStallBeforeTheFirstPicture() {
    assertThat(clock.played(START)).isZero();
    clock.buffered(0, START + 9 * SECOND);

    assertThat(clock.isStarted()).isFalse();
    assertThat(clock.stalls()).isZero();
  }

  @Test
  void playsWhatIsBuffered() {
    clock.buffered(2 * SECOND, START);
    clock.buffered(4 * SECOND, START + SECOND);

    assertThat(clock.played(START + 4 * SECOND)).isEqualTo(4 * SECOND);
    assertThat(clock.leftNanos(START + 4 * SECOND)).isZero();
    assertThat(clock.stalls()).isZero();
  }

  @Test
  void stallsWhenTheNextSegmentIsLate() {
    clock.buffered(2 * SECOND, START);
    clock.buffered(4 * SECOND, START + 5 * SECOND);

    assertThat(clock.stalls()).isEqualTo(1);
    assertThat(clock.stallNanos()).isEqualTo(3 * SECOND);
    assertThat(clock.played(START + 6 * SECOND)).isEqualTo(3 * SECOND);
  }

  @Test
  void countsOneStallHoweverOftenItIsAsked() {
    clock.buffered(2 * SECOND, START);
    for (int s = 0; s <= 10; s++) {
      assertThat(clock.played(START + s * SECOND)).isEqualTo(Math.min(s, 2) * SECOND);
    }

    assertThat(clock.stalls()).isEqualTo(1);
    assertThat(clock.stallNanos()).isEqualTo(8 * SECOND);
  }

  @Test
  void countsAnotherStallAfterItPlayedOn() {
    clock.buffered(SECOND, START);
    clock.buffered(2 * SECOND, START + 2 * SECOND);
    clock.buffered(3 * SECOND, START + 4 * SECOND);

    assertThat(clock.stalls()).isEqualTo(2);
    assertThat(clock.stallNanos()).isEqualTo(2 * SECOND);
  }
}
