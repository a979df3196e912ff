package dev.sluice.origin.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.catalog.Document.AssetDeliveryPolicy;
import dev.sluice.origin.catalog.Document.ContentKey;
import dev.sluice.origin.catalog.Document.DeliveryType;
import dev.sluice.origin.catalog.Document.KeyType;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Protocol;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class KeyIvsTest {
  private static final String ONE = "000102030405060708090a0b0c0d0e0f";
  private static final String OTHER = "d5fbd6b82ed93e4ef98ae40931ee33b7";

  @ParameterizedTest
  @CsvSource({
    "COMMON_ENCRYPTION_CBCS, commonEncryptionIVForCbcs, " + ONE,
    "COMMON_ENCRYPTION_CBCS, commonEncryptionIVForCbcs, 0X000102030405060708090A0B0C0D0E0F",
    "ENVELOPE_ENCRYPTION, envelopeEncryptionIV, " + ONE,
    "ENVELOPE_ENCRYPTION, envelopeEncryptionIVAsBase64, AAECAwQFBgcICQoLDA0ODw==",
  })
  void takesTheIvOfThePolicyOrOfTheKey(KeyType type, String name, String text) {
    var policy = policy(Map.of(name, text));
    assertThat(KeyIvs.explicit(key(type, ""), policy)).contains(bytes(ONE));
    assertThat(KeyIvs.explicit(key(type, ONE), policy)).contains(bytes(ONE));
    assertThat(KeyIvs.explicit(key(type, OTHER), policy(Map.of()))).contains(bytes(OTHER));
    assertThat(KeyIvs.explicit(key(type, ""), policy(Map.of()))).isEmpty();
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> KeyIvs.explicit(key(type, OTHER), policy))
        .withMessage(
            "iv: key 00000000-0000-0000-0000-000000000001 and delivery policy \"p\" state different"
                + " ones (expected: one)")
        .matches(failure -> failure.code() == FailureCode.MPE_ENC_ENCRYPTION_NOT_SUPPORTED);
  }

  @ParameterizedTest
  @EnumSource(
      value = KeyType.class,
      names = {"COMMON_ENCRYPTION", "STORAGE_ENCRYPTION"})
  void hasNoneForOtherKeys(KeyType type) {
    assertThat(KeyIvs.explicit(key(type, ""), policyOfAll())).isEmpty();
  }

  @Test
  void doesNotMixTheSchemes() {
    assertThat(KeyIvs.explicit(key(KeyType.COMMON_ENCRYPTION_CBCS, ""), policyOfAll()))
        .contains(bytes(ONE));
    assertThat(KeyIvs.explicit(key(KeyType.ENVELOPE_ENCRYPTION, ""), policyOfAll()))
        .contains(bytes(OTHER));
  }

  private static AssetDeliveryPolicy policyOfAll() {
    return policy(Map.of("commonEncryptionIVForCbcs", ONE, "envelopeEncryptionIV", OTHER));
  }

  private static AssetDeliveryPolicy policy(Map<String, String> configuration) {
    return new AssetDeliveryPolicy(
        "p",
        Set.of(Protocol.HLS),
        DeliveryType.DYNAMIC_COMMON_ENCRYPTION_CBCS,
        Set.of(),
        configuration);
  }

  private static ContentKey key(KeyType type, String iv) {
    return new ContentKey(
        new KeyId(new UUID(0, 1)),
        type,
        iv.isEmpty() ? Optional.empty() : Optional.of(bytes(iv)),
        List.of(),
        Optional.empty());
  }

  private static Bytes bytes(String hex) {
    return Bytes.copyOf(HexFormat.of().parseHex(hex));
  }
}
