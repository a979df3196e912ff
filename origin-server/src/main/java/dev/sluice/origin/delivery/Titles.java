package dev.sluice.origin.delivery;

import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.media.CacheFigures;
import dev.sluice.origin.media.Digests;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.track.Title;
import dev.sluice.origin.track.TitleReader;
import dev.sluice.origin.track.Track;
import java.time.Duration;
import java.util.Optional;
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

  private static final long RECHECK_NANOS = RECHECK.toNanos();

  private static final int ENTRY_BYTES = 1_000;
  private static final int TRACK_BYTES = 1_300;
  private static final int FRAGMENT_BYTES = 32;

  private record Key(String container, Optional<String> manifest, String asset) {}

  /** What a folder held, and when that was last seen. */
  static final class Kept {
    private final Optional<Title> title;
    private final Optional<ContentFailure> refusal;
    private final String folderRevision;
    private volatile long checkedNanos;

    private Kept(
        Optional<Title> title,
        Optional<ContentFailure> refusal,
        String folderRevision,
        long checkedNanos) {
      this.title = title;
      this.refusal = refusal;
      this.folderRevision = folderRevision;
      this.checkedNanos = checkedNanos;
    }

    /**
     * The title.
     *
     * @throws ContentFailure why it cannot be served, where it cannot
     */
    Title require() {
      if (refusal.isPresent()) {
        throw refusal.get();
      }
      return title.orElseThrow();
    }

    private int weightBytes() {
      return title.stream()
          .flatMap(it -> it.tracks().stream())
          .mapToInt(track -> TRACK_BYTES + track.fragments().count() * FRAGMENT_BYTES)
          .sum();
    }
  }

  private final ObjectStore store;
  private final TitleReader reader;
  private final LongSupplier nanoTime;
  private final LoadOnceCache<Key, Kept> entries;

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
            "titles",
            maxFragments * FRAGMENT_BYTES,
            (Key _, Kept kept) -> ENTRY_BYTES + kept.weightBytes());
  }

  /**
   * The title of an asset.
   *
   * @throws dev.sluice.origin.failure.Failure if its media is not there, or is not supported
   */
  public Title require(Document.Asset asset) {
    return look(asset).require();
  }

  /**
   * What the folder of an asset holds: the same instance as before while it has not changed.
   *
   * @throws dev.sluice.origin.failure.Failure if its media is not there
   */
  Kept look(Document.Asset asset) {
    var key = new Key(asset.container(), asset.manifest(), asset.name());
    return entries.get(key, this::isFresh, old -> load(key, old));
  }

  /** Whether what a folder held may be used without another look at it. Does not block. */
  boolean isFresh(Kept kept) {
    return nanoTime.getAsLong() - kept.checkedNanos < RECHECK_NANOS;
  }

  /** For metrics. */
  public CacheFigures figures() {
    return entries;
  }

  private Kept load(Key key, Optional<Kept> old) {
    long now = nanoTime.getAsLong();
    String revision = folderRevision(key.container());
    if (old.isPresent()
        && old.get().folderRevision.equals(revision)
        && old.get().title.map(this::isUnchanged).orElse(true)) {
      old.get().checkedNanos = now;
      return old.get();
    }
    try {
      Title title = reader.read(key.container(), key.manifest(), key.asset());
      return new Kept(Optional.of(title), Optional.empty(), revision, now);
    } catch (ContentFailure refusal) {
      // Kept as well: media that cannot be served is not read again for each request.
      return new Kept(Optional.empty(), Optional.of(refusal), revision, now);
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
