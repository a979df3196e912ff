package dev.sluice.origin.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.origin.media.CacheFigures;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.route.Query;
import java.util.Optional;

/**
 * What targets mean that were asked for before: each is parsed once. A target means the same
 * whoever asks and whatever the catalog says.
 */
final class RememberedRequests implements CacheFigures {
  /** The longest target that is remembered. */
  static final int MAX_CHARS = 512;

  /** Of an entry, besides the characters of the target: measured. */
  private static final int ENTRY_BYTES = 700;

  private static final long LIMIT_BYTES = 8 << 20;

  private final Cache<String, OriginRequest> requests =
      Caffeine.newBuilder()
          .maximumWeight(LIMIT_BYTES)
          .weigher((String target, OriginRequest _) -> ENTRY_BYTES + target.length())
          .executor(Runnable::run)
          .recordStats()
          .build();

  /** What a target means, where that is known. */
  Optional<OriginRequest> find(String target) {
    return Optional.ofNullable(requests.getIfPresent(target));
  }

  /**
   * Remembers a target that was answered well. Not one with a query: that may hold a token, and
   * what nobody reads in it would make one target many.
   */
  void put(String target, OriginRequest request) {
    if (request instanceof OriginRequest.OfPresentation
        && target.length() <= MAX_CHARS
        && Query.pathEnd(target) == target.length()) {
      requests.put(target, request);
    }
  }

  @Override
  public String name() {
    return "requests";
  }

  @Override
  public long entries() {
    return requests.estimatedSize();
  }

  @Override
  public long weightBytes() {
    return requests.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }

  @Override
  public long limitBytes() {
    return LIMIT_BYTES;
  }

  @Override
  public long hits() {
    return requests.stats().hitCount();
  }

  @Override
  public long misses() {
    return requests.stats().missCount();
  }

  @Override
  public long evictions() {
    return requests.stats().evictionCount();
  }

  @Override
  public long loads() {
    return 0;
  }

  @Override
  public long loadNanos() {
    return 0;
  }
}
