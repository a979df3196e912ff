package dev.sluice.benchmarks.load;

import java.net.URI;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What all sessions together have met so far. Its size does not grow with them. */
final class LoadStats {
  /** Told apart for each kind of request; what comes beyond counts as {@code other}. */
  private static final int MAX_REASONS = 64;

  /** Told in full. */
  private static final int MAX_SAMPLES = 20;

  /** Of one kind of request. */
  static final class OfKind {
    /** Answers that were as they should be. */
    final LongAdder answers = new LongAdder();

    /** Of bodies, as they came, of all answers. */
    final LongAdder bytes = new LongAdder();

    /** From the wish for an answer, a connection included where it needs one, to its first byte. */
    final LatencyHistogram firstByte = new LatencyHistogram();

    /** The same to its last byte. */
    final LatencyHistogram total = new LatencyHistogram();

    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();

    /** Counts by reason, sorted. */
    Map<String, Long> errors() {
      var counts = new TreeMap<String, Long>();
      errors.forEach((reason, count) -> counts.put(reason, count.sum()));
      return counts;
    }

    private void error(String reason) {
      boolean known = errors.containsKey(reason) || errors.size() < MAX_REASONS;
      errors.computeIfAbsent(known ? reason : "other", _ -> new LongAdder()).increment();
    }
  }

  private final Map<RequestKind, OfKind> kinds = new EnumMap<>(RequestKind.class);

  /** Connections made, TLS included; HTTP/1.1 alone. */
  final LatencyHistogram connects = new LatencyHistogram();

  /** From the start of a play to its first picture: what the first segments need. */
  final LatencyHistogram startups = new LatencyHistogram();

  /** Sessions that play, or are about to start again. */
  final AtomicInteger active = new AtomicInteger();

  /** Times that a title was played to its end. */
  final LongAdder playsEnded = new LongAdder();

  /** Times that a player would have shown an error and stopped. */
  final LongAdder playsGivenUp = new LongAdder();

  final LongAdder stalls = new LongAdder();
  final LongAdder stallNanos = new LongAdder();

  private final Set<String> samples = new LinkedHashSet<>();
  private final Set<String> unsupportedSystems = new LinkedHashSet<>();

  LoadStats() {
    for (var kind : RequestKind.values()) {
      kinds.put(kind, new OfKind());
    }
  }

  OfKind of(RequestKind kind) {
    return Objects.requireNonNull(kinds.get(kind));
  }

  /** Counts an answer that was not as it should be. */
  void error(RequestKind kind, URI uri, LoadFailure failure) {
    of(kind).error(failure.reason());
    synchronized (samples) {
      if (samples.size() < MAX_SAMPLES) {
        samples.add("%s %s: %s".formatted(kind.word(), Urls.shown(uri), failure.detail()));
      }
    }
  }

  /** Notes a system whose licences were not asked for. */
  void unsupportedSystem(String name) {
    synchronized (unsupportedSystems) {
      if (unsupportedSystems.size() < MAX_SAMPLES) {
        unsupportedSystems.add(LoadFailure.printable(name));
      }
    }
  }

  /** Counts what a player's clock saw since it was asked last. */
  void stalled(long count, long nanos) {
    stalls.add(count);
    stallNanos.add(nanos);
  }

  long requests() {
    return kinds.values().stream().mapToLong(kind -> kind.answers.sum()).sum() + errors();
  }

  long errors() {
    return kinds.values().stream()
        .flatMap(kind -> kind.errors.values().stream())
        .mapToLong(LongAdder::sum)
        .sum();
  }

  long bytes() {
    return kinds.values().stream().mapToLong(kind -> kind.bytes.sum()).sum();
  }

  /** The first errors that differ, in words. */
  List<String> samples() {
    synchronized (samples) {
      return List.copyOf(samples);
    }
  }

  Set<String> unsupportedSystems() {
    synchronized (unsupportedSystems) {
      return Collections.unmodifiableSet(new LinkedHashSet<>(unsupportedSystems));
    }
  }
}
