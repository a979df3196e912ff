package dev.sluice.origin.license;

import dev.sluice.origin.access.TokenVerifier;
import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.catalog.Document.KeyDeliveryType;
import dev.sluice.origin.catalog.Document.KeyType;
import dev.sluice.origin.catalog.Document.Restriction;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.KeyId;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may have which key, by the options of the key's authorization policy.
 *
 * <p>A key that does not exist is refused in the same words as one that the caller may not have, so
 * that nobody learns from an answer which keys there are.
 */
final class KeyGrants {
  private static final Logger LOG = LoggerFactory.getLogger(KeyGrants.class);

  private final Catalog catalog;
  private final TokenVerifier tokens;
  private final InstantSource clock;

  KeyGrants(Catalog catalog, TokenVerifier tokens, InstantSource clock) {
    this.catalog = catalog;
    this.tokens = tokens;
    this.clock = clock;
  }

  /**
   * The option that gives the key to the caller: the first that fits and whose restriction passes.
   */
  Document.Option require(KeyId keyId, KeyDeliveryType type, Optional<String> token) {
    ServerFailure cannotVerify = null;
    for (Document.Option option : options(keyId, type)) {
      switch (option.restriction()) {
        case Restriction.Open() -> {
          return option;
        }
        case Restriction.TokenRestricted restricted -> {
          try {
            if (token.isPresent()) {
              tokens.verify(token.orElseThrow(), restricted, keyId, clock.instant());
              return option;
            }
          } catch (CallerFailure e) {
            LOG.debug("key {}, option {}: {}", keyId, option.name(), e.detail());
          } catch (ServerFailure e) {
            cannotVerify = cannotVerify == null ? e : cannotVerify;
          }
        }
      }
    }
    if (cannotVerify != null) {
      throw cannotVerify;
    }
    throw refusal(token);
  }

  private static Failure refusal(Optional<String> token) {
    return token.isPresent()
        ? new CallerFailure(FailureCode.TOKEN_REFUSED, "the token does not grant this key")
        : new CallerFailure(FailureCode.TOKEN_REQUIRED, "this key needs a token");
  }

  private List<Document.Option> options(KeyId keyId, KeyDeliveryType type) {
    return catalog
        .findContentKey(keyId)
        .map(key ->
            key
                .authorizationPolicy()
                .flatMap(catalog::findAuthorizationPolicy)
                .map(Document.ContentKeyAuthorizationPolicy::options)
                .orElse(List.of())
                .stream()
                .filter(option -> fitting(key.type(), type).contains(option.keyDeliveryType()))
                .toList())
        .orElse(List.of());
  }

  /**
   * The kinds of option by which a key is given in the form asked for. HLS players without a DRM
   * system fetch the raw key of {@code cenc} and {@code cbcs} ({@code KEYFORMAT="identity"}), which
   * says no more than a ClearKey licence does.
   */
  private static Set<KeyDeliveryType> fitting(KeyType keyType, KeyDeliveryType askedFor) {
    return switch (keyType) {
      case STORAGE_ENCRYPTION -> Set.of();
      case ENVELOPE_ENCRYPTION -> Set.of(askedFor);
      case COMMON_ENCRYPTION, COMMON_ENCRYPTION_CBCS ->
          askedFor == KeyDeliveryType.BASELINE_HTTP
              ? Set.of(KeyDeliveryType.BASELINE_HTTP, KeyDeliveryType.CLEAR_KEY)
              : Set.of(askedFor);
    };
  }
}
