package dev.sluice.origin.policy;

import dev.sluice.origin.catalog.Document.AssetDeliveryPolicy;
import dev.sluice.origin.catalog.Document.ContentKey;
import dev.sluice.origin.catalog.PolicyIvs;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Bytes;
import java.util.Optional;

/** The constant IV that the catalog gives a key: of the key itself, or of the delivery policy. */
public final class KeyIvs {
  private KeyIvs() {}

  /**
   * The 16 bytes that the documents state; empty where they state none, so that one is derived.
   * Only keys for {@code cbcs} and {@code cbc} have one.
   *
   * @throws ContentFailure {@code MPE_ENC_ENCRYPTION_NOT_SUPPORTED} where key and policy state
   *     different ones
   */
  public static Optional<Bytes> explicit(ContentKey key, AssetDeliveryPolicy policy) {
    Optional<Bytes> ofPolicy = PolicyIvs.find(policy, key.type());
    if (PolicyIvs.conflict(key, policy)) {
      throw new ContentFailure(
          FailureCode.MPE_ENC_ENCRYPTION_NOT_SUPPORTED,
          "iv: key %s and delivery policy \"%s\" state different ones (expected: one)"
              .formatted(key.id(), policy.name()),
          "");
    }
    return key.iv().or(() -> ofPolicy);
  }
}
