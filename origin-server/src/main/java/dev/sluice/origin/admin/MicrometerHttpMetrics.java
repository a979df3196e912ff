package dev.sluice.origin.admin;

import dev.sluice.origin.http.HttpMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What the HTTP server counts, as meters. No label has values that a client can make up. */
public final class MicrometerHttpMetrics implements HttpMetrics {
  private final MeterRegistry registry;
  private final AtomicInteger open = new AtomicInteger();
  private final Counter refused;
  private final ConcurrentMap<Kind, Timer> timers = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Counter> sent = new ConcurrentHashMap<>();

  /** Answers that are counted together. */
  private record Kind(String kind, int status, boolean complete) {}

  public MicrometerHttpMetrics(MeterRegistry registry) {
    this.registry = registry;
    registry.gauge("sluice.http.connections", open);
    this.refused = registry.counter("sluice.http.connections.refused");
  }

  @Override
  public void connectionOpened() {
    open.incrementAndGet();
  }

  @Override
  public void connectionClosed() {
    open.decrementAndGet();
  }

  @Override
  public void connectionRefused() {
    refused.increment();
  }

  @Override
  public void answered(String kind, int status, long bytes, Duration time, boolean complete) {
    var answer = new Kind(kind, status, complete);
    Timer timer = timers.get(answer);
    (timer == null ? timers.computeIfAbsent(answer, this::timer) : timer).record(time);
    Counter counter = sent.get(kind);
    (counter == null ? sent.computeIfAbsent(kind, this::sentCounter) : counter)
        .increment((double) bytes);
  }

  private Timer timer(Kind answer) {
    return Timer.builder("sluice.http.requests")
        .tag("kind", answer.kind())
        .tag("status", Integer.toString(answer.status()))
        .tag("complete", Boolean.toString(answer.complete()))
        .register(registry);
  }

  private Counter sentCounter(String kind) {
    return Counter.builder("sluice.http.sent")
        .baseUnit("bytes")
        .tag("kind", kind)
        .register(registry);
  }
}
