package dev.sluice.origin.policy;

import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.catalog.Document.Asset;
import dev.sluice.origin.catalog.Document.StreamingLocator;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.KeyId;
import java.time.Instant;
import java.util.Optional;

/**
 * The asset that the first segment of a URL names.
 *
 * @param locator by which it is published; empty for an asset without locators, which is published
 *     under its own name
 */
public record PublishedAsset(Asset asset, Optional<StreamingLocator> locator) {

  /**
   * The asset of a locator that is within its times, or of this name where it has no locator.
   *
   * @throws CallerFailure {@code MPE_RESOURCE_NOT_FOUND}
   */
  public static PublishedAsset resolve(Catalog catalog, String locatorSegment, Instant now) {
    // A locator's id has the form of a key's.
    Optional<StreamingLocator> locator =
        KeyId.parse(locatorSegment).flatMap(guid -> catalog.findLocator(guid.uuid()));
    if (locator.isPresent()) {
      return byLocator(catalog, locator.orElseThrow(), now);
    }
    return catalog
        .findAsset(locatorSegment)
        .filter(asset -> catalog.locatorsOf(asset.name()).isEmpty())
        .map(asset -> new PublishedAsset(asset, Optional.empty()))
        .orElseThrow(PublishedAsset::unknown);
  }

  private static PublishedAsset byLocator(Catalog catalog, StreamingLocator locator, Instant now) {
    if (locator.startTime().filter(now::isBefore).isPresent()) {
      throw notFound("locator: not yet in force (expected: a time from its startTime on)");
    }
    if (locator.endTime().filter(end -> !now.isBefore(end)).isPresent()) {
      throw notFound("locator: expired (expected: a time before its endTime)");
    }
    return catalog
        .findAsset(locator.asset())
        .map(asset -> new PublishedAsset(asset, Optional.of(locator)))
        .orElseThrow(PublishedAsset::unknown);
  }

  private static CallerFailure unknown() {
    return notFound("locator: unknown (expected: a locator's GUID, or an asset without locators)");
  }

  private static CallerFailure notFound(String message) {
    return new CallerFailure(FailureCode.MPE_RESOURCE_NOT_FOUND, message);
  }
}
