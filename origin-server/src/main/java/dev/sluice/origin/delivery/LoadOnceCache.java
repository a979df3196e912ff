package dev.sluice.origin.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Weigher;
import dev.sluice.origin.media.CacheFigures;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A cache, bounded by what its entries weigh, whose values are loaded once for all who wait for
 * them. No lock is held over a load, so a slow one delays only those who want its value. A load
 * that fails fails for all who wait, and is not kept.
 */
final class LoadOnceCache<K, V> implements CacheFigures {
  /** A load that is going on: who asks for the same by the same grounds waits for it. */
  private record Load<K>(K key, Object grounds) {}

  private final String name;
  private final long limitBytes;
  private final Cache<K, V> cache;
  private final ConcurrentMap<Load<K>, CompletableFuture<V>> loads = new ConcurrentHashMap<>();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final LongAdder loadCount = new LongAdder();
  private final LongAdder loadNanos = new LongAdder();

  /**
   * An empty cache.
   *
   * @param name for metrics
   * @param limitBytes what all entries may weigh together; with 0 nothing is kept
   * @param weigher what an entry weighs, in bytes, its key included
   */
  LoadOnceCache(String name, long limitBytes, Weigher<K, V> weigher) {
    this.name = name;
    this.limitBytes = limitBytes;
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(limitBytes)
            .weigher(weigher)
            // At once, so that the limit holds when a value has been put.
            .executor(Runnable::run)
            .evictionListener((key, value, cause) -> evictions.increment())
            .build();
  }

  /** The value of a key that is kept, else loaded. */
  V get(K key, Function<K, V> load) {
    return get(key, _ -> true, _ -> load.apply(key));
  }

  /**
   * The value of a key.
   *
   * @param isGood whether a value that is kept may still be used
   * @param load gets the value that is kept and not good any more, if there is one
   */
  V get(K key, Predicate<V> isGood, Function<Optional<V>, V> load) {
    return get(key, /* grounds= */ "", isGood, load);
  }

  /**
   * The value of a key, where what it must be depends on more than the key.
   *
   * @param grounds that it depends on: a load by others is not waited for
   */
  V get(K key, Object grounds, Predicate<V> isGood, Function<Optional<V>, V> load) {
    Optional<V> kept = kept(key);
    if (kept.isPresent() && isGood.test(kept.get())) {
      hits.increment();
      return kept.get();
    }
    var mine = new CompletableFuture<V>();
    var asked = new Load<>(key, grounds);
    CompletableFuture<V> running = loads.putIfAbsent(asked, mine);
    if (running != null) {
      hits.increment();
      return join(running);
    }
    return lead(asked, isGood, load, mine);
  }

  /**
   * What is made of the value of a key, if it is kept and good. Does not block.
   *
   * @param use empty for a value that is not good any more
   */
  <R> Optional<R> find(K key, Function<V, Optional<R>> use) {
    Optional<R> found = kept(key).flatMap(use);
    if (found.isPresent()) {
      hits.increment();
    }
    return found;
  }

  /** Keeps a value that was made by who did not find it: for what must not be waited for. */
  void put(K key, V value) {
    misses.increment();
    cache.put(key, value);
  }

  private V lead(
      Load<K> asked,
      Predicate<V> isGood,
      Function<Optional<V>, V> load,
      CompletableFuture<V> mine) {
    try {
      // A load may have ended between the look and our place in the queue.
      Optional<V> kept = kept(asked.key());
      V value;
      if (kept.isPresent() && isGood.test(kept.get())) {
        hits.increment();
        value = kept.get();
      } else {
        value = load(asked.key(), kept, load);
      }
      mine.complete(value);
      return value;
    } catch (Throwable e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      loads.remove(asked, mine);
    }
  }

  private V load(K key, Optional<V> kept, Function<Optional<V>, V> load) {
    misses.increment();
    long start = System.nanoTime();
    try {
      V value = load.apply(kept);
      cache.put(key, value);
      return value;
    } finally {
      loadCount.increment();
      loadNanos.add(System.nanoTime() - start);
    }
  }

  private Optional<V> kept(K key) {
    return Optional.ofNullable(cache.getIfPresent(key));
  }

  private static <V> V join(CompletableFuture<V> running) {
    try {
      return running.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long entries() {
    return cache.estimatedSize();
  }

  @Override
  public long weightBytes() {
    return cache.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }

  @Override
  public long limitBytes() {
    return limitBytes;
  }

  @Override
  public long hits() {
    return hits.sum();
  }

  @Override
  public long misses() {
    return misses.sum();
  }

  @Override
  public long evictions() {
    return evictions.sum();
  }

  @Override
  public long loads() {
    return loadCount.sum();
  }

  @Override
  public long loadNanos() {
    return loadNanos.sum();
  }
}
