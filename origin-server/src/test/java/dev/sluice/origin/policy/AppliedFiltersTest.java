package dev.sluice.origin.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.catalog.CatalogOfDocuments;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.catalog.Document.Asset;
import dev.sluice.origin.catalog.Document.Filter;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AppliedFiltersTest {
  private final CatalogOfDocuments catalog =
      new CatalogOfDocuments()
          .with(filter("all", ""), filter("ours", "bear"), filter("theirs", "fox"))
          .with(IntStream.range(0, 11).mapToObj(i -> filter("f" + i, "")).toArray(Document[]::new));

  @Test
  void joinsThoseOfAssetLocatorAndUrlEachOnce() {
    assertThat(names(List.of("all"), List.of("f1", "all"), List.of("ours", "f1", "f2")))
        .containsExactly("all", "f1", "ours", "f2");
    assertThat(names(List.of(), List.of(), List.of())).isEmpty();
    assertThat(names(List.of("ours"), List.of(), List.of())).containsExactly("ours");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "theirs", "All"})
  void findsNoFilterOfOthers(String name) {
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> names(List.of(), List.of(), List.of("all", name)))
        .withMessage("filter: %s (expected: a filter of this asset or of all)".formatted(name))
        .matches(failure -> failure.code() == FailureCode.MPE_EGRESS_FILTER_NOT_FOUND);
  }

  @Test
  void boundsThem() {
    List<String> ten = IntStream.range(0, 10).mapToObj(i -> "f" + i).toList();
    assertThat(names(List.of(), ten.subList(0, 5), ten)).hasSize(10);
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> names(List.of(), List.of("f10"), ten))
        .withMessage("filters: 11 of asset, locator and URL together (expected: at most 10)")
        .matches(failure ->
            failure.code() == FailureCode.MPE_FILTER_COMPOSITION_FILTER_COUNT_OVER_LIMIT);
  }

  private List<String> names(List<String> ofAsset, List<String> ofLocator, List<String> ofUrl) {
    var asset =
        new Asset("bear", "bear", Optional.empty(), List.of(), List.of(), ofAsset, List.of());
    var locator =
        new Document.StreamingLocator(
            new UUID(0, 1),
            "bear",
            Optional.empty(),
            Optional.empty(),
            ofLocator,
            Optional.empty());
    var published =
        new PublishedAsset(asset, Optional.of(locator).filter(it -> !it.filters().isEmpty()));
    return AppliedFilters.resolve(catalog, published, ofUrl).stream().map(Filter::name).toList();
  }

  private static Document filter(String name, String asset) {
    return new Filter(
        name,
        Optional.of(asset).filter(it -> !it.isEmpty()),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }
}
