package dev.sluice.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LatencyHistogramTest {
  @Test
  void isZeroWithoutValues() {
    var histogram = new LatencyHistogram();

    assertThat(histogram.count()).isZero();
    assertThat(histogram.quantile(0.99)).isZero();
    assertThat(histogram.max()).isZero();
  }

  @Test
  void isExactForFewMicroseconds() {
    var histogram = new LatencyHistogram();
    for (int micros = 1; micros <= 60; micros++) {
      histogram.record(micros * 1000L);
    }

    assertThat(histogram.count()).isEqualTo(60);
    assertThat(histogram.quantile(0.5)).isEqualTo(micros(30));
    assertThat(histogram.quantile(0.9)).isEqualTo(micros(54));
    assertThat(histogram.quantile(1)).isEqualTo(micros(60));
    assertThat(histogram.quantile(1e-9)).isEqualTo(micros(1));
  }

  @Test
  void isNeverBelowTheTruthAndAtMostAThirtySecondAbove() {
    var random = new Random(7);
    var histogram = new LatencyHistogram();
    long[] truth = new long[20_000];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = (long) Math.exp(random.nextDouble() * 23); // 1 us to 2.7 h
      histogram.record(truth[i] * 1000);
    }
    Arrays.sort(truth);

    for (double fraction : new double[] {0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1}) {
      long exact = truth[(int) Math.ceil(fraction * truth.length) - 1];
      long got = histogram.quantile(fraction).toNanos() / 1000;
      assertThat(got).as("quantile %s", fraction).isBetween(exact, exact + exact / 32 + 1);
    }
    assertThat(histogram.max()).isEqualTo(micros(truth[truth.length - 1]));
  }

  @Test
  void countsWhatIsTooLongAsTheLongest() {
    var histogram = new LatencyHistogram();
    histogram.record(Long.MAX_VALUE);
    histogram.record(-1);

    assertThat(histogram.count()).isEqualTo(2);
    assertThat(histogram.quantile(0.5)).isZero();
    assertThat(histogram.quantile(1)).isEqualTo(micros((1L << 36) - 1));
  }

  @Test
  void refusesWhatIsNoFraction() {
    var histogram = new LatencyHistogram();

    for (double fraction : new double[] {0, -0.1, 1.01, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> histogram.quantile(fraction))
          .withMessage("fraction: %s (expected: in (0, 1])", fraction);
    }
  }

  private static Duration micros(long micros) {
    return Duration.ofNanos(micros * 1000);
  }
}
