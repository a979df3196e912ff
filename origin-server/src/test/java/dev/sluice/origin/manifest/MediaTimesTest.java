package dev.sluice.origin.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.manifest.MediaTimes.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MediaTimesTest {

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "1, PT0.000001S",
    "100000, PT0.1S",
    "10560000, PT10.56S",
    "7200000000, PT7200S",
    "60000010, PT60.00001S",
  })
  void printsSecondsWithoutTrailingZeros(long micros, String duration) {
    assertThat(MediaTimes.duration(micros)).isEqualTo(duration);
  }

  @Test
  void comparesAcrossTimescalesWithoutOverflow() {
    var smooth = new Instant((1L << 53) - 1, 10_000_000);
    var oneTickLess = new Instant((1L << 53) - 2, 10_000_000);

    assertThat(smooth).isGreaterThan(oneTickLess);
    assertThat(new Instant(1, 3)).isEqualByComparingTo(new Instant(30_000, 90_000));
    assertThat(smooth.floorTicks(90_000)).isEqualTo(81_064_793_292_668L);
  }

  @Test
  void roundsUpWhatMicrosecondsCannotSay() {
    assertThat(MediaTimes.microsBetween(new Instant(0, 1), new Instant(1, 3))).isEqualTo(333_334);
    assertThat(MediaTimes.microsBetween(new Instant(1, 2), new Instant(3, 4))).isEqualTo(250_000);
  }

  @Test
  void countsTheTicksOfATimescaleRoundedUp() {
    var third = new Instant(1, 3);

    assertThat(MediaTimes.ticksBetween(new Instant(0, 1), third, 10_000_000)).isEqualTo(3_333_334);
    assertThat(MediaTimes.ticksBetween(new Instant(0, 1), third, 90_000)).isEqualTo(30_000);
    assertThat(MediaTimes.ticksBetween(third, third, 90_000)).isZero();
  }
}
