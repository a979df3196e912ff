package dev.sluice.benchmarks.load;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report as a table for people. */
final class TextReport {
  private final LoadReport report;
  private final StringWriter text = new StringWriter();
  private final PrintWriter out = new PrintWriter(text);

  private TextReport(LoadReport report) {
    this.report = report;
  }

  static String render(LoadReport report) {
    var text = new TextReport(report);
    text.head();
    text.table();
    text.errors();
    text.out.flush();
    return text.text.toString();
  }

  private void head() {
    var settings = report.settings();
    out.printf(Locale.ROOT, "manifest   %s%n", Urls.shown(settings.manifest()));
    out.printf(
        Locale.ROOT,
        "sessions   %d over %.1f s, HTTP/%s, %s, %s rendition%n",
        settings.sessions(),
        settings.ramp().toNanos() / 1e9,
        settings.http().word(),
        settings.pace().name().toLowerCase(Locale.ROOT),
        settings.rendition().name().toLowerCase(Locale.ROOT));
    out.printf(
        Locale.ROOT,
        "run        %.1f s, %d requests (%.1f/s), %.1f MB (%.1f Mbit/s), %d errors%n",
        report.seconds(),
        report.requests(),
        report.requests() / report.seconds(),
        report.bytes() / 1e6,
        report.megabitsPerSecond(),
        report.errors());
    out.printf(
        Locale.ROOT,
        "plays      %d to the end, %d given up%n",
        report.playsEnded(),
        report.playsGivenUp());
    if (settings.pace() == LoadSettings.Pace.REALTIME) {
      out.printf(
          Locale.ROOT,
          "stalls     %d, %.3f s in all%n",
          report.stalls(),
          report.stalled().toNanos() / 1e9);
    }
    out.println();
  }

  private void table() {
    out.printf("%-41s%35s   %35s%n", "", "first byte, ms", "all of it, ms");
    out.printf(
        "%-9s %9s %7s %10s   %8s %8s %8s %8s   %8s %8s %8s %8s%n",
        "", "answers", "errors", "MB", "p50", "p90", "p99", "max", "p50", "p90", "p99", "max");
    for (var kind : RequestKind.values()) {
      var met = report.of(kind);
      out.printf(
          Locale.ROOT,
          "%-9s %9d %7d %10.2f   %s   %s%n",
          kind.word(),
          met.answers(),
          met.errorCount(),
          met.bytes() / 1e6,
          columns(met.firstByte()),
          columns(met.total()));
    }
    other("connect", report.connects());
    other("start-up", report.startups());
  }

  private void other(String name, LoadReport.Spread spread) {
    if (spread.count() > 0) {
      out.printf(Locale.ROOT, "%-9s %9d %58s %s%n", name, spread.count(), "", columns(spread));
    }
  }

  private static String columns(LoadReport.Spread spread) {
    return "%8s %8s %8s %8s"
        .formatted(
            millis(spread.p50()), millis(spread.p90()), millis(spread.p99()), millis(spread.max()));
  }

  private void errors() {
    for (var kind : RequestKind.values()) {
      var errors = report.of(kind).errors();
      if (!errors.isEmpty()) {
        String counts =
            errors.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", "));
        out.println("errors     " + kind.word() + ": " + counts);
      }
    }
    report.samples().forEach(sample -> out.println("           " + sample));
    report
        .unsupportedSystems()
        .forEach(system -> out.println("no licence " + system + ": not asked for"));
  }

  private static String millis(Duration duration) {
    return String.format(Locale.ROOT, "%.2f", duration.toNanos() / 1e6);
  }
}
