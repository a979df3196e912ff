package dev.sluice.origin.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TimescalesTest {

  @Test
  void roundsEachTimeDownByItself() {
    var random = new Random(10_000_000);
    for (int round = 0; round < 10_000; round++) {
      var scales = new Timescales(1 + random.nextInt(200_000), 1 + random.nextInt(20_000_000));
      long ticks = random.nextLong(1L << 40) - (1L << 39);
      var product = BigInteger.valueOf(ticks).multiply(BigInteger.valueOf(scales.to()));
      var parts = product.divideAndRemainder(BigInteger.valueOf(scales.from()));
      long floor = parts[0].longValueExact() - (parts[1].signum() < 0 ? 1 : 0);
      assertThat(scales.convert(ticks)).as("%s of %d", scales, ticks).isEqualTo(floor);
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> new Timescales(1, 10_000_000).convert(1L << 60));
  }

  /** Errors do not add up, and what follows still follows. */
  @Test
  void samplesEndWhereTheirFragmentDoes() {
    int count = 94;
    var durations = new int[count];
    java.util.Arrays.fill(durations, 1024);
    var offsets = new int[count];
    offsets[1] = -512;
    var samples =
        new FragmentSamples(
            new long[count], new int[count], durations, new int[count], offsets, 1, 1);
    var scales = new Timescales(44_100, 10_000_000);
    long start = 1_000_003;
    var converted = samples.in(scales, start);
    long end = scales.convert(start);
    for (int i = 0; i < count; i++) {
      end += converted.durationTicks(i);
    }
    assertThat(end).isEqualTo(scales.convert(start + count * 1024L));
    assertThat(scales.convert(start + 1024) + converted.compositionOffsetTicks(1))
        .isEqualTo(scales.convert(start + 512));
    assertThat(converted.compositionOffsetTicks(0)).isZero();
  }
}
