package dev.sluice.origin.route;

import java.util.Optional;

/**
 * Who asks, as far as the connection and the request's head say.
 *
 * @param token of {@code Authorization: Bearer}, else of {@code token=}; never printed
 * @param secure whether the request came over TLS
 * @param loopback whether the peer's address is a loopback address
 * @param wantsPrefetchPath whether it is a content delivery network that fetches ahead, and asks
 *     what comes next
 */
public record Caller(
    Optional<String> token, boolean secure, boolean loopback, boolean wantsPrefetchPath) {

  /** A caller that does not fetch ahead. */
  public Caller(Optional<String> token, boolean secure, boolean loopback) {
    this(token, secure, loopback, /* wantsPrefetchPath= */ false);
  }

  @Override
  public String toString() {
    return "Caller[token=%s, secure=%s, loopback=%s, wantsPrefetchPath=%s]"
        .formatted(token.isPresent() ? "present" : "absent", secure, loopback, wantsPrefetchPath);
  }
}
