package dev.sluice.benchmarks.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a run met, as plain values.
 *
 * @param settings of the run
 * @param elapsed of the run
 * @param kinds of requests, all of them
 * @param connects empty counts where connections are the JDK's
 * @param playsEnded plays to the end of the title
 * @param playsGivenUp plays that a player would have given up
 * @param stalls in realtime: how often buffers ran dry
 * @param stalled how long, in all
 * @param unsupportedSystems whose licences were not asked for
 * @param samples the first errors that differ
 */
record LoadReport(
    LoadSettings settings,
    Duration elapsed,
    Map<RequestKind, OfKind> kinds,
    Spread connects,
    Spread startups,
    long playsEnded,
    long playsGivenUp,
    long stalls,
    Duration stalled,
    List<String> unsupportedSystems,
    List<String> samples) {

  /** Of one kind of request. */
  record OfKind(
      long answers, long bytes, Map<String, Long> errors, Spread firstByte, Spread total) {
    long errorCount() {
      return errors.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** How durations spread: half were not above {@code p50}, and so on. */
  record Spread(long count, Duration p50, Duration p90, Duration p99, Duration max) {
    static Spread of(LatencyHistogram histogram) {
      return new Spread(
          histogram.count(),
          histogram.quantile(0.5),
          histogram.quantile(0.9),
          histogram.quantile(0.99),
          histogram.max());
    }
  }

  /** As it stands now. */
  static LoadReport of(LoadSettings settings, Duration elapsed, LoadStats stats) {
    var kinds = new EnumMap<RequestKind, OfKind>(RequestKind.class);
    for (var kind : RequestKind.values()) {
      var met = stats.of(kind);
      kinds.put(
          kind,
          new OfKind(
              met.answers.sum(),
              met.bytes.sum(),
              met.errors(),
              Spread.of(met.firstByte),
              Spread.of(met.total)));
    }
    return new LoadReport(
        settings,
        elapsed,
        kinds,
        Spread.of(stats.connects),
        Spread.of(stats.startups),
        stats.playsEnded.sum(),
        stats.playsGivenUp.sum(),
        stats.stalls.sum(),
        Duration.ofNanos(stats.stallNanos.sum()),
        new ArrayList<>(stats.unsupportedSystems()),
        stats.samples());
  }

  OfKind of(RequestKind kind) {
    return Objects.requireNonNull(kinds.get(kind));
  }

  long errors() {
    return kinds.values().stream().mapToLong(OfKind::errorCount).sum();
  }

  long requests() {
    return kinds.values().stream().mapToLong(OfKind::answers).sum() + errors();
  }

  long bytes() {
    return kinds.values().stream().mapToLong(OfKind::bytes).sum();
  }

  double seconds() {
    return Math.max(1e-3, elapsed.toNanos() / 1e9);
  }

  double megabitsPerSecond() {
    return bytes() * 8 / 1e6 / seconds();
  }
}
