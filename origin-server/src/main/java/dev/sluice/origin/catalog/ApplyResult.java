package dev.sluice.origin.catalog;

import java.util.List;

/** What an application of documents did, each document as {@code Asset "bear"}, in their order. */
public record ApplyResult(List<String> created, List<String> updated, List<String> unchanged) {
  /** Copies the lists. */
  public ApplyResult {
    created = List.copyOf(created);
    updated = List.copyOf(updated);
    unchanged = List.copyOf(unchanged);
  }
}
