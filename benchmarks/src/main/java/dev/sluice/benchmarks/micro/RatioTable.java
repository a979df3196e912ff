package dev.sluice.benchmarks.micro;

import static dev.sluice.benchmarks.micro.Round.median;

import java.util.List;
import java.util.Locale;

/** The ratios as a table in Markdown: a line for each ratio and engine. */
final class RatioTable {
  private static final double BYTES_PER_MICRO_IN_GIGABYTES_PER_SECOND = 1000;

  private RatioTable() {}

  /**
   * The table.
   *
   * @param rounds of any ratios and engines, in any order
   */
  static String render(List<Round> rounds) {
    var out = new StringBuilder();
    out.append("| how many times as fast | engine | us | GB/s | base us | ratio | min, max |");
    out.append(" target | first | |\n");
    out.append("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (Tracked tracked : Tracked.values()) {
      List<Round> all = rounds.stream().filter(round -> round.tracked() == tracked).toList();
      all.stream()
          .map(Round::engine)
          .distinct()
          .forEach(engine ->
              out.append(
                  line(
                      tracked,
                      engine,
                      all.stream().filter(round -> round.engine().equals(engine)).toList())));
    }
    return out.toString();
  }

  private static String line(Tracked tracked, String engine, List<Round> rounds) {
    List<Double> ratios = rounds.stream().map(Round::ratio).sorted().toList();
    double micros = median(rounds.stream().map(r -> median(r.measuredMicros())).toList());
    double baseMicros = median(rounds.stream().map(r -> median(r.baseMicros())).toList());
    double ratio = median(ratios);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.1f | %.2f | %.1f | %.2f | %.2f, %.2f | %.2f | %.2f | %s |%n",
        tracked.title(),
        engine,
        micros,
        tracked.bytes() / micros / BYTES_PER_MICRO_IN_GIGABYTES_PER_SECOND,
        baseMicros,
        ratio,
        ratios.getFirst(),
        ratios.getLast(),
        tracked.target(),
        tracked.first(),
        verdict(tracked, ratio));
  }

  private static String verdict(Tracked tracked, double ratio) {
    if (ratio >= tracked.target()) {
      return "target";
    }
    return ratio >= tracked.first() ? "first" : "below";
  }
}
