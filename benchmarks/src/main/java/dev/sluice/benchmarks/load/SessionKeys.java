package dev.sluice.benchmarks.load;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The keys of one play: each asked for once, and wiped at the end. For one thread. */
final class SessionKeys implements AutoCloseable {
  private static final int KEY_BYTES = 16;
  private static final int MAX_LICENSE_BYTES = 65_536;

  private final Fetcher fetcher;
  private final LoadStats stats;
  private final MemoryBudget memory;
  private final Optional<String> token;
  private final Optional<URI> license;
  private final Set<KeyAsk> asked = new HashSet<>();
  private final Map<URI, byte[]> keys = new HashMap<>();

  /**
   * @param memory for what is read
   * @param token that goes with each request
   * @param license for ClearKey, if the manifest does not say
   */
  SessionKeys(
      Fetcher fetcher,
      LoadStats stats,
      MemoryBudget memory,
      Optional<String> token,
      Optional<URI> license) {
    this.fetcher = fetcher;
    this.stats = stats;
    this.memory = memory;
    this.token = token;
    this.license = license;
  }

  /** Asks for the keys of a segment that were not asked for before. */
  void require(Segment segment) throws LoadFailure, InterruptedException {
    for (var ask : segment.keys()) {
      if (!asked.add(ask)) {
        continue;
      }
      switch (ask) {
        case KeyAsk.Raw(var uri) -> raw(uri);
        case KeyAsk.ClearKey(var uri, var kid) -> {
          var place = uri.or(() -> license);
          if (place.isPresent()) {
            clearKey(place.get(), kid);
          } else {
            stats.unsupportedSystem("ClearKey without a licence URL (see --license-url)");
          }
        }
        case KeyAsk.Unsupported(var system) -> stats.unsupportedSystem(system);
      }
    }
  }

  /**
   * A sink that opens an envelope, if there is one, before what is in it is looked at.
   *
   * @param inner which looks
   */
  BodySink opening(Optional<Envelope> envelope, BodySink inner)
      throws LoadFailure, InterruptedException {
    if (envelope.isEmpty()) {
      return inner;
    }
    var uri = envelope.get().key();
    if (asked.add(new KeyAsk.Raw(uri))) {
      raw(uri);
    }
    byte[] key = keys.get(uri);
    return key == null ? inner : new DecryptingSink(envelope.get(), key, inner);
  }

  @Override
  public void close() {
    keys.values().forEach(key -> Arrays.fill(key, (byte) 0));
    keys.clear();
  }

  private void raw(URI uri) throws LoadFailure, InterruptedException {
    byte[] key = exchange(LoadRequest.get(uri), KEY_BYTES + 1);
    if (key.length != KEY_BYTES) {
      throw fetcher.refuse(
          RequestKind.KEY,
          uri,
          new LoadFailure("key", "key: %d bytes (expected: %d)".formatted(key.length, KEY_BYTES)));
    }
    keys.put(uri, key);
  }

  private void clearKey(URI uri, String kid) throws LoadFailure, InterruptedException {
    byte[] ask =
        "{\"kids\":[\"%s\"],\"type\":\"temporary\"}"
            .formatted(kid)
            .getBytes(StandardCharsets.US_ASCII);
    byte[] answer = exchange(LoadRequest.post(uri, "application/json", ask), MAX_LICENSE_BYTES);
    // Looked at as a buffer of bytes that can be wiped, hence not as JSON.
    var text = StandardCharsets.ISO_8859_1.decode(ByteBuffer.wrap(answer));
    boolean holdsKey =
        Pattern.compile("\"kid\"\\s*:\\s*\"" + Pattern.quote(kid) + "\"").matcher(text).find()
            && Pattern.compile("\"k\"\\s*:\\s*\"[A-Za-z0-9_-]{22}\"").matcher(text).find();
    Arrays.fill(answer, (byte) 0);
    Arrays.fill(text.array(), ' ');
    if (!holdsKey) {
      throw fetcher.refuse(
          RequestKind.KEY,
          uri,
          new LoadFailure("key", "licence: without the key (expected: a JWK set that holds it)"));
    }
  }

  private byte[] exchange(LoadRequest request, int maxBytes)
      throws LoadFailure, InterruptedException {
    try (var body = new BoundedBody(maxBytes, memory)) {
      var authorized = token.map(t -> request.with("Authorization", "Bearer " + t)).orElse(request);
      fetcher.fetch(RequestKind.KEY, authorized, Optional.empty(), body);
      return body.toArray();
    }
  }
}
