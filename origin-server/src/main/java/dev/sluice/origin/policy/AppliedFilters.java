package dev.sluice.origin.policy;

import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.catalog.Document.Filter;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which filters apply to a request: those of the asset, of the locator, and of the URL. */
public final class AppliedFilters {
  /** How many filters may apply to one request. */
  static final int MAX_FILTERS = 10;

  private AppliedFilters() {}

  /**
   * The filters of the asset and of the locator, and those that a URL names; each once.
   *
   * @param ofUrl the names in the URL; none for segments, whose URLs name no filters
   * @throws CallerFailure {@code MPE_EGRESS_FILTER_NOT_FOUND} for a name that is no filter of all
   *     or of this asset; {@code MPE_FILTER_COMPOSITION_FILTER_COUNT_OVER_LIMIT}
   */
  public static List<Filter> resolve(
      Catalog catalog, PublishedAsset published, List<String> ofUrl) {
    Set<String> names = new LinkedHashSet<>(published.asset().filters());
    published.locator().ifPresent(locator -> names.addAll(locator.filters()));
    names.addAll(ofUrl);
    if (names.size() > MAX_FILTERS) {
      throw new CallerFailure(
          FailureCode.MPE_FILTER_COMPOSITION_FILTER_COUNT_OVER_LIMIT,
          "filters: %d of asset, locator and URL together (expected: at most %d)"
              .formatted(names.size(), MAX_FILTERS));
    }
    return names.stream().map(name -> require(catalog, published.asset(), name)).toList();
  }

  private static Filter require(Catalog catalog, Document.Asset asset, String name) {
    return catalog
        .findFilter(name)
        .filter(filter -> filter.asset().map(asset.name()::equals).orElse(true))
        .orElseThrow(() ->
            new CallerFailure(
                FailureCode.MPE_EGRESS_FILTER_NOT_FOUND,
                "filter: %s (expected: a filter of this asset or of all)".formatted(name)));
  }
}
