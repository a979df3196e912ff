package dev.sluice.benchmarks.load;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A request as it is sent.
 *
 * @param uri whole
 * @param body of a POST; empty: a GET
 * @param fields beside those that HTTP itself needs
 */
@SuppressWarnings("ArrayRecordComponent") // sent once, compared never
record LoadRequest(URI uri, Optional<byte[]> body, Map<String, String> fields) {
  LoadRequest {
    fields = Map.copyOf(fields);
  }

  static LoadRequest get(URI uri) {
    return new LoadRequest(uri, Optional.empty(), Map.of());
  }

  static LoadRequest post(URI uri, String contentType, byte[] body) {
    return new LoadRequest(uri, Optional.of(body), Map.of("Content-Type", contentType));
  }

  LoadRequest with(String name, String value) {
    var more = new LinkedHashMap<>(fields);
    more.put(name, value);
    return new LoadRequest(uri, body, more);
  }

  /** The same for another place; what it authorizes stays with the first. */
  LoadRequest redirectedTo(URI other) {
    var kept = new LinkedHashMap<>(fields);
    if (!Urls.origin(other).equals(Urls.origin(uri))) {
      kept.remove("Authorization");
    }
    return new LoadRequest(other, body, kept);
  }

  /** What may be logged. */
  @Override
  public String toString() {
    return "%s %s".formatted(body.isPresent() ? "POST" : "GET", Urls.shown(uri));
  }
}
