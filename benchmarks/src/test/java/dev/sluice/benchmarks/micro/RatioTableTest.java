package dev.sluice.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

final class RatioTableTest {

  @Test
  void medianOfTheRoundsRatiosCounts() {
    var rounds =
        List.of(
            round("best", List.of(100.0, 90.0, 1000.0), List.of(40.0)),
            round("best", List.of(200.0), List.of(90.0, 110.0)),
            round("best", List.of(100.0), List.of(30.0)),
            round("jdk", List.of(300.0), List.of(36.0)));
    assertThat(RatioTable.render(rounds).lines().skip(2))
        .containsExactly(
            "| cenc, video, in cache / copy | best | 100.0 | 15.00 | 40.0 | 0.40 | 0.30, 0.50 |"
                + " 0.48 | 0.35 | first |",
            "| cenc, video, in cache / copy | jdk | 300.0 | 5.00 | 36.0 | 0.12 | 0.12, 0.12 |"
                + " 0.48 | 0.35 | below |");
  }

  @ParameterizedTest
  @EnumSource
  void trackedBenchmarksAreThere(Tracked tracked) {
    var silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    Set<String> names =
        BenchmarkList.defaultList().getAll(silent, List.of()).stream()
            .map(BenchmarkListEntry::getUsername)
            .collect(Collectors.toSet());
    assertThat(names).contains(tracked.measured(), tracked.base());
  }

  private static Round round(String engine, List<Double> micros, List<Double> baseMicros) {
    return new Round(Tracked.CENC_CACHE, engine, micros, baseMicros);
  }
}
