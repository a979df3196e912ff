package dev.sluice.origin.http;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.route.UrlGrammar;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Who may ask at all, whatever is asked for. Streaming is everything but {@code /keys}.
 *
 * @param streaming addresses that may ask for streaming; absent: all
 * @param keyDelivery addresses that may ask for keys and licences; absent: all
 * @param trustedProxies whose {@code X-Forwarded-For} is believed
 * @param akamaiKeys with one or more, a streaming request must be signed with one of them
 */
public record AccessControl(
    Optional<AddressList> streaming,
    Optional<AddressList> keyDelivery,
    AddressList trustedProxies,
    List<AkamaiKey> akamaiKeys) {

  /** Everybody may ask. */
  public static final AccessControl OPEN =
      new AccessControl(Optional.empty(), Optional.empty(), AddressList.NONE, List.of());

  public AccessControl {
    akamaiKeys = List.copyOf(akamaiKeys);
  }

  /**
   * Refuses who may not ask.
   *
   * @throws CallerFailure {@code ADDRESS_NOT_ALLOWED} or {@code SIGNATURE_REFUSED}
   */
  void require(Exchange exchange, Instant now) {
    boolean keys = UrlGrammar.isKeyDelivery(exchange.rawTarget());
    Optional<AddressList> allowed = keys ? keyDelivery : streaming;
    if (allowed.isPresent() && !isIn(allowed.get(), exchange)) {
      throw new CallerFailure(
          FailureCode.ADDRESS_NOT_ALLOWED, "address: not in the list of those that may ask");
    }
    if (!keys && !akamaiKeys.isEmpty()) {
      AkamaiSignature.require(exchange.rawTarget(), exchange.headers(), akamaiKeys, now);
    }
  }

  private boolean isIn(AddressList allowed, Exchange exchange) {
    return exchange
        .peer()
        .flatMap(peer ->
            ForwardedFor.client(peer, exchange.headers().getAll("x-forwarded-for"), trustedProxies))
        .filter(allowed::contains)
        .isPresent();
  }
}
