package dev.sluice.origin.delivery;

import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.catalog.Edition;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * While what a request resolved to holds: no document has changed since, the locator is within its
 * times, and the title's folder was looked at a moment ago. Keeps no title in memory.
 */
final class Standing {
  private final Catalog catalog;
  private final InstantSource clock;
  private final Titles titles;
  private final Edition edition;
  private final WeakReference<Titles.Kept> title;
  private final Optional<Instant> start;
  private final Optional<Instant> end;

  /**
   * A standing.
   *
   * @param edition that was in force before the first document was looked for
   * @param title as it was found
   * @param locator by which the asset is published
   */
  Standing(
      Catalog catalog,
      InstantSource clock,
      Titles titles,
      Edition edition,
      Titles.Kept title,
      Optional<Document.StreamingLocator> locator) {
    this.catalog = catalog;
    this.clock = clock;
    this.titles = titles;
    this.edition = edition;
    this.title = new WeakReference<>(title);
    this.start = locator.flatMap(Document.StreamingLocator::startTime);
    this.end = locator.flatMap(Document.StreamingLocator::endTime);
  }

  /** Whether the same request would resolve to the same now. Does not block. */
  boolean holds() {
    return find().isPresent();
  }

  /** The title, while the same request would resolve to the same. Does not block. */
  Optional<Titles.Kept> find() {
    Titles.Kept found = title.get();
    return found != null && isOfNow() && titles.isFresh(found) && isWithinTimes()
        ? Optional.of(found)
        : Optional.empty();
  }

  /**
   * Whether no document has changed since. What was read of the catalog up to this call then
   * belongs together.
   */
  boolean isOfNow() {
    return catalog.edition().equals(edition);
  }

  private boolean isWithinTimes() {
    if (start.isEmpty() && end.isEmpty()) {
      return true;
    }
    Instant now = clock.instant();
    return start.filter(now::isBefore).isEmpty() && end.filter(it -> !now.isBefore(it)).isEmpty();
  }
}
