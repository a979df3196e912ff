package dev.sluice.origin.admin;

import dev.sluice.origin.media.CacheFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;

/** What caches hold and how they fare, as meters. Their only label is the cache. */
public final class CacheMeters {
  private CacheMeters() {}

  /** Adds the meters of a cache, which lives as long as the registry. */
  public static void register(MeterRegistry registry, CacheFigures cache) {
    Gauge.builder("sluice.cache.entries", cache, CacheFigures::entries)
        .tag("cache", cache.name())
        .register(registry);
    Gauge.builder("sluice.cache.weight", cache, CacheFigures::weightBytes)
        .baseUnit("bytes")
        .tag("cache", cache.name())
        .register(registry);
    Gauge.builder("sluice.cache.limit", cache, CacheFigures::limitBytes)
        .baseUnit("bytes")
        .tag("cache", cache.name())
        .register(registry);
    FunctionCounter.builder("sluice.cache.hits", cache, CacheFigures::hits)
        .tag("cache", cache.name())
        .register(registry);
    FunctionCounter.builder("sluice.cache.misses", cache, CacheFigures::misses)
        .tag("cache", cache.name())
        .register(registry);
    FunctionCounter.builder("sluice.cache.evictions", cache, CacheFigures::evictions)
        .tag("cache", cache.name())
        .register(registry);
    FunctionTimer.builder(
            "sluice.cache.loads",
            cache,
            CacheFigures::loads,
            CacheFigures::loadNanos,
            TimeUnit.NANOSECONDS)
        .tag("cache", cache.name())
        .register(registry);
  }
}
