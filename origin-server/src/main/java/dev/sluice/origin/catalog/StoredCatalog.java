package dev.sluice.origin.catalog;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.key.KeyWrapper;
import dev.sluice.origin.key.MasterKey;
import dev.sluice.origin.media.KeyId;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog of a store, read from an unchanging copy in memory, so that a look-up costs nothing.
 * A thread compares the revision of the store with that of the copy four times a second; a change
 * of any process is in force within a second.
 */
public final class StoredCatalog implements Catalog, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoredCatalog.class);
  private static final long POLL_MS = 250;

  /** How long a look at the store that goes on is waited for when the catalog is closed. */
  private static final Duration LAST_LOOK = Duration.ofSeconds(5);

  private final CatalogStore store;
  private final KeyWrapper wrapper;
  private final CatalogChanges changes;
  private final Object reloading = new Object();
  private volatile boolean failing;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread poller;
  private volatile Snapshot snapshot;

  private StoredCatalog(CatalogStore store, KeyWrapper wrapper, SecureRandom random) {
    this.store = store;
    this.wrapper = wrapper;
    this.changes = new CatalogChanges(wrapper, random);
    this.snapshot = changes.read(store.load());
    this.poller = Thread.ofPlatform().daemon().name("catalog-poll").unstarted(this::poll);
  }

  /**
   * Opens the catalog of a data folder, which is made if need be. Several processes may have one
   * folder open.
   */
  public static StoredCatalog open(Path dataFolder, MasterKey masterKey, SecureRandom random) {
    return start(CatalogStore.open(dataFolder, masterKey), masterKey, random);
  }

  /** An empty catalog that lives as long as this object. */
  public static StoredCatalog inMemory(MasterKey masterKey, SecureRandom random) {
    return start(CatalogStore.inMemory(), masterKey, random);
  }

  private static StoredCatalog start(CatalogStore store, MasterKey key, SecureRandom random) {
    try {
      var catalog = new StoredCatalog(store, new KeyWrapper(key, random), random);
      catalog.poller.start();
      return catalog;
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /**
   * Brings documents into force, all or none. Ownership: takes the keys in them, and wipes them.
   *
   * @throws CallerFailure that says why they are refused
   */
  public ApplyResult apply(List<ParsedDocument> documents) {
    try {
      ApplyResult result = store.change(rows -> changes.apply(rows, documents));
      reload();
      return result;
    } finally {
      documents.forEach(document -> document.keyValue().ifPresent(ContentKey::close));
    }
  }

  /**
   * Deletes a document, which no other may name.
   *
   * @throws CallerFailure if it is not there, or still named
   */
  public void delete(Kind kind, String name) {
    store.change(rows -> changes.delete(rows, kind, name));
    reload();
  }

  /** Whether the store answered when it was last asked for changes. */
  public boolean isCurrent() {
    return !failing;
  }

  /** A number that grows with every change. */
  public long revision() {
    return snapshot.revision();
  }

  /** A document by its kind and name. */
  public Optional<Document> find(Kind kind, String name) {
    return snapshot.find(kind, name);
  }

  /** All documents of a kind, by name. */
  public Collection<Document> all(Kind kind) {
    return snapshot.all(kind);
  }

  @Override
  public Edition edition() {
    return snapshot.edition();
  }

  @Override
  public Optional<Document.Asset> findAsset(String name) {
    return snapshot.find(Document.Asset.class, Kind.ASSET, name);
  }

  @Override
  public Optional<Document.StreamingLocator> findLocator(UUID id) {
    return snapshot.find(Document.StreamingLocator.class, Kind.STREAMING_LOCATOR, id.toString());
  }

  @Override
  public List<Document.StreamingLocator> locatorsOf(String asset) {
    return snapshot.locatorsOf(asset);
  }

  @Override
  public Optional<Document.AssetDeliveryPolicy> findDeliveryPolicy(String name) {
    return snapshot.find(Document.AssetDeliveryPolicy.class, Kind.ASSET_DELIVERY_POLICY, name);
  }

  @Override
  public Optional<Document.ContentKey> findContentKey(KeyId id) {
    return snapshot.find(Document.ContentKey.class, Kind.CONTENT_KEY, id.toString());
  }

  @Override
  public Optional<Document.ContentKeyAuthorizationPolicy> findAuthorizationPolicy(String name) {
    return snapshot.find(
        Document.ContentKeyAuthorizationPolicy.class, Kind.CONTENT_KEY_AUTHORIZATION_POLICY, name);
  }

  @Override
  public Optional<Document.Filter> findFilter(String name) {
    return snapshot.find(Document.Filter.class, Kind.FILTER, name);
  }

  /** All access policies, by name. */
  public List<Document.AccessPolicy> accessPolicies() {
    return snapshot.all(Kind.ACCESS_POLICY).stream()
        .map(Document.AccessPolicy.class::cast)
        .toList();
  }

  @Override
  public List<Document.Asset> assetsAfter(String after, int limit) {
    return snapshot.assetsAfter(after).stream()
        .limit(limit)
        .map(Document.Asset.class::cast)
        .toList();
  }

  @Override
  public boolean hasAccessPolicies() {
    return !snapshot.all(Kind.ACCESS_POLICY).isEmpty();
  }

  @Override
  public Optional<KeyVersion> keyVersion(KeyId id) {
    return snapshot.keyVersion(id);
  }

  @Override
  public Optional<ContentKey> unwrap(KeyId id) {
    return snapshot.wrappedKey(id).map(wrapped -> wrapper.unwrap(id, wrapped));
  }

  private void poll() {
    while (true) {
      try {
        if (closed.await(POLL_MS, TimeUnit.MILLISECONDS)) {
          return;
        }
        if (store.revision() != snapshot.revision()) {
          reload();
        }
        failing = false;
      } catch (InterruptedException e) {
        return;
      } catch (Failure e) {
        // The copy stays in force. Says so once for each time that the store goes away; when the
        // process ends, H2 may be gone before us.
        if (!failing && closed.getCount() > 0) {
          LOG.warn("catalog: {}", e.detail());
        }
        failing = true;
      } catch (RuntimeException e) {
        // This thread must not end: without it no change of another process would count.
        if (!failing) {
          LOG.error("catalog: cannot be read", e);
        }
        failing = true;
      }
    }
  }

  private void reload() {
    synchronized (reloading) {
      Snapshot fresh = changes.read(store.load());
      if (fresh.revision() >= snapshot.revision()) {
        snapshot = fresh;
      }
    }
  }

  /**
   * Closes the catalog of a process that ends, and waits until its store is free for others. What
   * is in memory can still be read.
   */
  public void closeAtExit() {
    endLooks();
    store.closeAtExit();
  }

  @Override
  public void close() {
    endLooks();
    store.close();
  }

  private void endLooks() {
    closed.countDown();
    try {
      // Never by an interrupt: one that meets a read closes H2's file under it.
      poller.join(LAST_LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The kind of this name. */
  static Kind requireKind(String word) {
    return Kind.parse(word)
        .orElseThrow(() ->
            new CallerFailure(
                FailureCode.BAD_REQUEST,
                "kind: %s (expected: one of %s)".formatted(Fields.shown(word), Kind.words())));
  }
}
