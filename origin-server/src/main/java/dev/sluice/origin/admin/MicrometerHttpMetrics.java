package dev.sluice.origin.admin;

import dev.sluice.origin.http.HttpMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** What the HTTP server counts, as meters. No label has values that a client can make up. */
public final class MicrometerHttpMetrics implements HttpMetrics {
  private final MeterRegistry registry;
  private final AtomicInteger open = new AtomicInteger();
  private final Counter refused;

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
    Timer.builder("sluice.http.requests")
        .tag("kind", kind)
        .tag("status", Integer.toString(status))
        .tag("complete", Boolean.toString(complete))
        .register(registry)
        .record(time);
    Counter.builder("sluice.http.sent")
        .baseUnit("bytes")
        .tag("kind", kind)
        .register(registry)
        .increment((double) bytes);
  }
}
