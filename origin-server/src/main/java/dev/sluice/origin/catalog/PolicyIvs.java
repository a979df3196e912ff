package dev.sluice.origin.catalog;

import dev.sluice.origin.catalog.Document.AssetDeliveryPolicy;
import dev.sluice.origin.catalog.Document.ContentKey;
import dev.sluice.origin.catalog.Document.KeyType;
import dev.sluice.origin.media.Bytes;
import java.util.Map;
import java.util.Optional;

/** The constant IVs that a delivery policy's configuration states. */
public final class PolicyIvs {
  static final String OF_CBCS = "commonEncryptionIVForCbcs";
  static final String OF_ENVELOPE = "envelopeEncryptionIV";
  static final String OF_ENVELOPE_BASE64 = "envelopeEncryptionIVAsBase64";

  private PolicyIvs() {}

  /** The 16 bytes for keys of a type; empty where the policy states none for them. */
  public static Optional<Bytes> find(AssetDeliveryPolicy policy, KeyType type) {
    return switch (type) {
      case COMMON_ENCRYPTION_CBCS -> hex(policy.configuration(), OF_CBCS);
      case ENVELOPE_ENCRYPTION ->
          hex(policy.configuration(), OF_ENVELOPE)
              .or(() -> base64(policy.configuration(), OF_ENVELOPE_BASE64));
      case COMMON_ENCRYPTION, STORAGE_ENCRYPTION -> Optional.empty();
    };
  }

  /** Whether a key states another IV than a policy does for keys of its type. */
  public static boolean conflict(ContentKey key, AssetDeliveryPolicy policy) {
    Optional<Bytes> ofPolicy = find(policy, key.type());
    return key.iv().isPresent() && ofPolicy.isPresent() && !key.iv().equals(ofPolicy);
  }

  static Optional<Bytes> hex(Map<String, String> configuration, String name) {
    return Optional.ofNullable(configuration.get(name))
        .flatMap(Encodings::hexIv)
        .map(Bytes::copyOf);
  }

  static Optional<Bytes> base64(Map<String, String> configuration, String name) {
    return Optional.ofNullable(configuration.get(name))
        .flatMap(Encodings::base64)
        .map(Bytes::copyOf);
  }
}
