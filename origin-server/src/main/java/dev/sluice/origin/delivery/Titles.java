package dev.sluice.origin.delivery;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.media.Digests;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.track.Title;
import dev.sluice.origin.track.TitleReader;
import dev.sluice.origin.track.Track;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The titles of assets, read once and kept while the objects of their folder stay as they are.
 *
 * <p>Many requests for a title that is not there yet read it once. A folder is listed again at most
 * once in {@link #RECHECK}; a folder that has changed is read anew.
 */
public final class Titles {
  /** How long a title is served without a look at its folder. */
  static final Duration RECHECK = Duration.ofSeconds(1);

  private static final int EMPTY_WEIGHT = 64;

  private record Key(String container, Optional<String> manifest, String asset) {}

  /**
   * What a folder held.
   *
   * @param refusal why it cannot be served; absent where there is a title
   */
  private record Entry(
      Optional<Title> title,
      Optional<ContentFailure> refusal,
      String folderRevision,
      long checkedNanos) {

    /** Its size in fragments, for the cache to weigh it. */
    int weight() {
      return title.stream()
          .flatMap(it -> it.tracks().stream())
          .mapToInt(track -> EMPTY_WEIGHT + track.fragments().count())
          .sum();
    }
  }

  private final ObjectStore store;
  private final TitleReader reader;
  private final LongSupplier nanoTime;
  private final LoadOnceCache<Key, Entry> entries;

  /**
   * @param maxFragments how many fragments all indexes kept may have together; each costs 32 bytes
   *     of heap
   */
  public Titles(ObjectStore store, TitleReader reader, LongSupplier nanoTime, long maxFragments) {
    this.store = store;
    this.reader = reader;
    this.nanoTime = nanoTime;
    this.entries =
        new LoadOnceCache<>(
            Caffeine.newBuilder()
                .maximumWeight(maxFragments)
                .weigher((Key _, Entry entry) -> EMPTY_WEIGHT + entry.weight())
                .build());
  }

  /**
   * The title of an asset.
   *
   * @throws dev.sluice.origin.failure.Failure if its media is not there, or is not supported
   */
  public Title require(Document.Asset asset) {
    var key = new Key(asset.container(), asset.manifest(), asset.name());
    Entry entry = entries.get(key, this::isFresh, old -> load(key, old));
    if (entry.refusal().isPresent()) {
      throw entry.refusal().get();
    }
    return entry.title().orElseThrow();
  }

  private boolean isFresh(Entry entry) {
    return nanoTime.getAsLong() - entry.checkedNanos() < TimeUnit.NANOSECONDS.convert(RECHECK);
  }

  private Entry load(Key key, Optional<Entry> old) {
    long now = nanoTime.getAsLong();
    String revision = folderRevision(key.container());
    if (old.isPresent()
        && old.get().folderRevision().equals(revision)
        && old.get().title().map(this::isUnchanged).orElse(true)) {
      return new Entry(old.get().title(), old.get().refusal(), revision, now);
    }
    try {
      Title title = reader.read(key.container(), key.manifest(), key.asset());
      return new Entry(Optional.of(title), Optional.empty(), revision, now);
    } catch (ContentFailure refusal) {
      // Kept as well: media that cannot be served is not read again for each request.
      return new Entry(Optional.empty(), Optional.of(refusal), revision, now);
    }
  }

  /** Looks at the objects themselves, since a server manifest may name some of deeper folders. */
  private boolean isUnchanged(Title title) {
    return title.tracks().stream()
        .map(Track::object)
        .distinct()
        .allMatch(object -> store.find(object.path()).equals(Optional.of(object)));
  }

  private String folderRevision(String container) {
    var digest = new Digests("folder");
    for (var object : store.list(container, TitleReader.MAX_FILES)) {
      digest.add(object.path()).add(object.revision());
    }
    return digest.hex();
  }
}
