package dev.sluice.origin.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.media.Digests;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.track.Title;
import dev.sluice.origin.track.TitleReader;
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

  /** The most objects that an asset's folder may hold. */
  static final int MAX_OBJECTS = 10_000;

  private record Key(String container, Optional<String> manifest, String asset) {}

  private record Entry(Title title, String folderRevision, long checkedNanos) {}

  private final ObjectStore store;
  private final TitleReader reader;
  private final LongSupplier nanoTime;
  private final Cache<Key, Entry> entries;

  /**
   * @param maxFragments how many fragments all indexes kept may have together; each costs 28 bytes
   *     of heap
   */
  public Titles(ObjectStore store, TitleReader reader, LongSupplier nanoTime, long maxFragments) {
    this.store = store;
    this.reader = reader;
    this.nanoTime = nanoTime;
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(maxFragments)
            .weigher((Key key, Entry entry) ->
                entry.title().tracks().stream().mapToInt(t -> 64 + t.fragments().count()).sum())
            .build();
  }

  /**
   * The title of an asset.
   *
   * @throws dev.sluice.origin.failure.Failure if its media is not there, or is not supported
   */
  public Title require(Document.Asset asset) {
    var key = new Key(asset.container(), asset.manifest(), asset.name());
    long now = nanoTime.getAsLong();
    Entry entry =
        entries.asMap().compute(key, (k, old) -> isFresh(old, now) ? old : load(k, old, now));
    return entry.title();
  }

  /** Forgets a title, because one of its objects turned out to have changed. */
  public void forget(Document.Asset asset) {
    entries.invalidate(new Key(asset.container(), asset.manifest(), asset.name()));
  }

  private static boolean isFresh(@org.jspecify.annotations.Nullable Entry entry, long now) {
    return entry != null && now - entry.checkedNanos() < TimeUnit.NANOSECONDS.convert(RECHECK);
  }

  private Entry load(Key key, @org.jspecify.annotations.Nullable Entry old, long now) {
    String revision = folderRevision(key.container());
    if (old != null && old.folderRevision().equals(revision)) {
      return new Entry(old.title(), revision, now);
    }
    return new Entry(reader.read(key.container(), key.manifest(), key.asset()), revision, now);
  }

  private String folderRevision(String container) {
    var digest = new Digests("folder");
    for (var object : store.list(container, MAX_OBJECTS)) {
      digest.add(object.path()).add(object.revision());
    }
    return digest.hex();
  }
}
