package dev.sluice.origin.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.KeyId;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;

final class KeyWrapperTest {
  private static final KeyId ID = KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();
  private static final KeyId OTHER =
      KeyId.parse("339c45b5-fb6d-4bd9-994c-eabd9d41c95b").orElseThrow();
  private static final String REFUSAL =
      "a stored secret cannot be unwrapped (expected: unchanged, and the master key that wrapped"
          + " it)";

  private final SecureRandom random = new SecureRandom();
  private final KeyWrapper wrapper =
      new KeyWrapper(MasterKey.taking(new byte[MasterKey.BYTES]), random);

  @Test
  void unwrapsWhatItWrapped() {
    try (var key = ContentKeys.random(ID, random);
        var unwrapped = wrapper.unwrap(ID, wrapper.wrap(key))) {
      assertThat(unwrapped.copyValue()).isEqualTo(key.copyValue());
      assertThat(unwrapped.id()).isEqualTo(ID);
    }
  }

  @Test
  void wrapsTheSameKeyDifferentlyEachTime() {
    try (var key = ContentKeys.random(ID, random)) {
      assertThat(wrapper.wrap(key)).isNotEqualTo(wrapper.wrap(key));
    }
  }

  @Test
  void refusesAChangeOfAnyByte() {
    try (var key = ContentKeys.random(ID, random)) {
      byte[] wrapped = Base64.getDecoder().decode(wrapper.wrap(key));
      for (int i = 0; i < wrapped.length; i++) {
        byte[] changed = wrapped.clone();
        changed[i] ^= 1;
        assertRefused(wrapper, ID, Base64.getEncoder().encodeToString(changed));
      }
    }
  }

  @Test
  void refusesItselfCutShort() {
    try (var key = ContentKeys.random(ID, random)) {
      byte[] wrapped = Base64.getDecoder().decode(wrapper.wrap(key));
      for (int length = 0; length < wrapped.length; length++) {
        byte[] cut = java.util.Arrays.copyOf(wrapped, length);
        assertRefused(wrapper, ID, Base64.getEncoder().encodeToString(cut));
      }
      assertRefused(wrapper, ID, "no base64");
    }
  }

  @Test
  void refusesAnotherIdAndAnotherMasterKey() {
    byte[] bytes = new byte[MasterKey.BYTES];
    bytes[0] = 1;
    var other = new KeyWrapper(MasterKey.taking(bytes), random);
    try (var key = ContentKeys.random(ID, random)) {
      assertRefused(wrapper, OTHER, wrapper.wrap(key));
      assertRefused(other, ID, wrapper.wrap(key));
    }
  }

  @Test
  void printsNothingOfAKey() {
    byte[] value = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    try (var key = ContentKey.taking(ID, value)) {
      assertThat(key).hasToString("ContentKey[" + ID + "]");
      assertThat(wrapper).hasToString("KeyWrapper");
      assertThat(MasterKey.taking(new byte[MasterKey.BYTES])).hasToString("MasterKey");
    }
  }

  private static void assertRefused(KeyWrapper wrapper, KeyId id, String wrapped) {
    assertThatExceptionOfType(ServerFailure.class)
        .isThrownBy(() -> wrapper.unwrap(id, wrapped))
        .withMessage(REFUSAL);
  }
}
