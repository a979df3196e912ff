package dev.sluice.origin.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.CacheFigures;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

final class CacheMetersTest {
  @Test
  void tellsWhatACacheHoldsAndHowItFares() {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    CacheMeters.register(registry, new Figures());
    assertThat(registry.scrape().lines().filter(line -> !line.startsWith("#")))
        .containsExactlyInAnyOrder(
            "sluice_cache_entries{cache=\"answers\"} 1.0",
            "sluice_cache_weight_bytes{cache=\"answers\"} 2.0",
            "sluice_cache_limit_bytes{cache=\"answers\"} 3.0",
            "sluice_cache_hits_total{cache=\"answers\"} 4.0",
            "sluice_cache_misses_total{cache=\"answers\"} 5.0",
            "sluice_cache_evictions_total{cache=\"answers\"} 6.0",
            "sluice_cache_loads_seconds_count{cache=\"answers\"} 7",
            "sluice_cache_loads_seconds_sum{cache=\"answers\"} 8.0");
  }

  private static final class Figures implements CacheFigures {
    @Override
    public String name() {
      return "answers";
    }

    @Override
    public long entries() {
      return 1;
    }

    @Override
    public long weightBytes() {
      return 2;
    }

    @Override
    public long limitBytes() {
      return 3;
    }

    @Override
    public long hits() {
      return 4;
    }

    @Override
    public long misses() {
      return 5;
    }

    @Override
    public long evictions() {
      return 6;
    }

    @Override
    public long loads() {
      return 7;
    }

    @Override
    public long loadNanos() {
      return 8_000_000_000L;
    }
  }
}
