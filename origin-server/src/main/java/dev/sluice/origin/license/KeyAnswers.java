package dev.sluice.origin.license;

import dev.sluice.origin.access.TokenVerifier;
import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.catalog.Document.KeyDeliveryType;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * The answers of {@code /keys/}: keys and licences for those who may have them. Calls may block on
 * the catalog. Safe for use by many threads.
 */
public final class KeyAnswers {
  private final Catalog catalog;
  private final KeyGrants grants;
  private final boolean allowHttp;

  /**
   * Answers from this catalog.
   *
   * @param clock the time that tokens are compared with
   * @param allowHttp whether keys may leave without TLS: {@code allowHttpKeyDelivery}
   */
  public KeyAnswers(Catalog catalog, InstantSource clock, TokenVerifier tokens, boolean allowHttp) {
    this.catalog = catalog;
    this.grants = new KeyGrants(catalog, tokens, clock);
    this.allowHttp = allowHttp;
  }

  /**
   * Refuses a connection over which keys may not leave. To be called before any other method.
   *
   * @throws CallerFailure {@code HTTPS_REQUIRED}
   */
  public void requireTransport(boolean secure, boolean loopback) {
    if (!secure && !loopback && !allowHttp) {
      throw new CallerFailure(
          FailureCode.HTTPS_REQUIRED, "scheme: http (expected: https for keys and licences)");
    }
  }

  /**
   * A ClearKey licence with those of the keys asked for that the caller may have.
   *
   * @param keyId of the query; asked for where there is no body
   * @param body W3C JSON
   * @throws Failure if the caller may have none of them
   */
  public Answer clearKey(Optional<KeyId> keyId, Bytes body, Optional<String> token) {
    SequencedSet<KeyId> asked = ClearKeyRequest.parse(keyId, body);
    List<ContentKey> keys = new ArrayList<>();
    try {
      Failure refusal = null;
      for (KeyId id : asked) {
        try {
          grants.require(id, KeyDeliveryType.CLEAR_KEY, token);
          keys.add(unwrap(id));
        } catch (CallerFailure | ServerFailure e) {
          if (e.code() == FailureCode.INTERNAL_ERROR) {
            throw e;
          }
          refusal = refusal == null ? e : refusal;
        }
      }
      if (keys.isEmpty() && refusal != null) {
        throw refusal;
      }
      return ClearKeyLicense.render(keys);
    } finally {
      keys.forEach(ContentKey::close);
    }
  }

  /** A key as 16 raw bytes. */
  public Answer baseline(KeyId keyId, Optional<String> token) {
    grants.require(keyId, KeyDeliveryType.BASELINE_HTTP, token);
    try (ContentKey key = unwrap(keyId)) {
      return BaselineHttpKey.render(key);
    }
  }

  /**
   * A licence of a system whose licences others make. Only the policy is applied so far.
   *
   * @throws ServerFailure {@code NOT_IMPLEMENTED} where the caller may have the key
   */
  public Answer license(KeyDeliveryType type, KeyId keyId, Optional<String> token) {
    grants.require(keyId, type, token);
    throw new ServerFailure(
        FailureCode.NOT_IMPLEMENTED,
        "licence: this server does not deliver %s licences yet".formatted(type));
  }

  private ContentKey unwrap(KeyId keyId) {
    return catalog
        .unwrap(keyId)
        .orElseThrow(() ->
            new CallerFailure(
                FailureCode.KEY_NOT_AVAILABLE, "this key has no value (expected: 16 bytes)"));
  }
}
