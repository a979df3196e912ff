package dev.sluice.origin.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.catalog.CatalogOfDocuments;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PublishedAssetTest {
  private static final String ALWAYS = "90000000-0000-0000-0000-00000000000a";
  private static final String AT_TIMES = "90000000-0000-0000-0000-00000000000b";
  private static final String DANGLING = "90000000-0000-0000-0000-00000000000c";
  private static final String GUID_NAME = "90000000-0000-0000-0000-00000000000d";
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("2026-02-01T00:00:00Z");
  private static final String UNKNOWN =
      "locator: unknown (expected: a locator's GUID, or an asset without locators)";

  private final CatalogOfDocuments catalog =
      new CatalogOfDocuments()
          .with(
              asset("bare"),
              asset("located"),
              asset(GUID_NAME),
              locator(ALWAYS, "located", Optional.empty(), Optional.empty()),
              locator(AT_TIMES, "located", Optional.of(START), Optional.of(END)),
              locator(DANGLING, "gone", Optional.empty(), Optional.empty()));

  @ParameterizedTest
  @ValueSource(strings = {ALWAYS, "90000000-0000-0000-0000-00000000000A"})
  void resolvesALocatorInEitherCase(String segment) {
    PublishedAsset published = PublishedAsset.resolve(catalog, segment, START);
    assertThat(published.asset().name()).isEqualTo("located");
    assertThat(published.locator().orElseThrow().id()).isEqualTo(UUID.fromString(ALWAYS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bare", GUID_NAME})
  void resolvesAnAssetWithoutLocatorsByItsName(String name) {
    PublishedAsset published = PublishedAsset.resolve(catalog, name, START);
    assertThat(published.asset().name()).isEqualTo(name);
    assertThat(published.locator()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"located", "gone", "", "Bare", DANGLING, "90000000-0000-0000-0000-0000000000ff"})
  void findsNothingElse(String segment) {
    notFound(segment, START, UNKNOWN);
  }

  @Test
  void keepsToALocatorsTimes() {
    String early = "locator: not yet in force (expected: a time from its startTime on)";
    String late = "locator: expired (expected: a time before its endTime)";
    notFound(AT_TIMES, START.minusNanos(1), early);
    assertThat(PublishedAsset.resolve(catalog, AT_TIMES, START).asset().name())
        .isEqualTo("located");
    assertThat(PublishedAsset.resolve(catalog, AT_TIMES, END.minusNanos(1)).asset().name())
        .isEqualTo("located");
    notFound(AT_TIMES, END, late);
  }

  private void notFound(String segment, Instant now, String message) {
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> PublishedAsset.resolve(catalog, segment, now))
        .withMessage(message)
        .matches(failure -> failure.code() == FailureCode.MPE_RESOURCE_NOT_FOUND);
  }

  private static Document asset(String name) {
    return new Document.Asset(
        name, name, Optional.empty(), List.of(), List.of(), List.of(), List.of());
  }

  private static Document locator(
      String id, String asset, Optional<Instant> start, Optional<Instant> end) {
    return new Document.StreamingLocator(
        UUID.fromString(id), asset, start, end, List.of(), Optional.empty());
  }
}
