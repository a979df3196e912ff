package dev.sluice.origin.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A cache whose values are loaded once for all who wait for them. No lock is held over a load, so a
 * slow one delays only those who want its value. A load that fails fails for all who wait, and is
 * not kept.
 */
final class LoadOnceCache<K, V> {
  private final Cache<K, V> cache;
  private final ConcurrentMap<K, CompletableFuture<V>> loads = new ConcurrentHashMap<>();

  LoadOnceCache(Cache<K, V> cache) {
    this.cache = cache;
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
    Optional<V> kept = kept(key);
    if (kept.isPresent() && isGood.test(kept.get())) {
      return kept.get();
    }
    var mine = new CompletableFuture<V>();
    CompletableFuture<V> running = loads.putIfAbsent(key, mine);
    return running == null ? lead(key, isGood, load, mine) : join(running);
  }

  private V lead(
      K key, Predicate<V> isGood, Function<Optional<V>, V> load, CompletableFuture<V> mine) {
    try {
      // A load may have ended between the look and our place in the queue.
      Optional<V> kept = kept(key);
      V value = kept.isPresent() && isGood.test(kept.get()) ? kept.get() : load.apply(kept);
      cache.put(key, value);
      mine.complete(value);
      return value;
    } catch (Throwable e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      loads.remove(key, mine);
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
}
