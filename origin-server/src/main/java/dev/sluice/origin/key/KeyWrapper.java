package dev.sluice.origin.key;

import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.KeyId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Wraps content keys, and other secrets of the catalog, for storage: AES-256-GCM under a key of the
 * master key's, bound to what they belong to.
 *
 * <pre>
 *   version (8) = 1 | nonce (96) | ciphertext | tag (128)      base64
 * </pre>
 */
public final class KeyWrapper {
  private static final byte VERSION = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final int HEAD_BYTES = 1 + NONCE_BYTES;

  private final byte[] wrappingKey;
  private final byte[] fingerprintKey;
  private final SecureRandom random;

  /** A wrapper under this master key. */
  public KeyWrapper(MasterKey masterKey, SecureRandom random) {
    this.wrappingKey = masterKey.derive("sluice content key wrapping v1");
    this.fingerprintKey = masterKey.derive("sluice content key fingerprint v1");
    this.random = random;
  }

  /** The key, wrapped and bound to its id. */
  public String wrap(ContentKey key) {
    byte[] value = key.copyValue();
    try {
      return seal(value, key.id().bytes());
    } finally {
      Arrays.fill(value, (byte) 0);
    }
  }

  /**
   * The key of this id. Ownership: the caller closes it.
   *
   * @throws ServerFailure if it was wrapped for another id or under another master key, or changed
   */
  public ContentKey unwrap(KeyId id, String wrapped) {
    byte[] value = open(wrapped, id.bytes());
    if (value.length != ContentKey.BYTES) {
      throw refused();
    }
    return ContentKey.taking(id, value);
  }

  /** Text, wrapped and bound to the place it stands at. */
  public String wrapText(String text, String place) {
    return seal(text.getBytes(StandardCharsets.UTF_8), place.getBytes(StandardCharsets.UTF_8));
  }

  /** The text wrapped for this place. */
  public String unwrapText(String wrapped, String place) {
    return new String(
        open(wrapped, place.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
  }

  /** What is equal for equal values whatever their ids, and tells nothing else of a value. */
  public String fingerprint(ContentKey key) {
    byte[] value = key.copyValue();
    try {
      return Base64.getEncoder().encodeToString(MasterKey.hmac(fingerprintKey, value));
    } finally {
      Arrays.fill(value, (byte) 0);
    }
  }

  private String seal(byte[] plain, byte[] boundTo) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] out = Arrays.copyOf(new byte[] {VERSION}, HEAD_BYTES + plain.length + TAG_BYTES);
    System.arraycopy(nonce, 0, out, 1, NONCE_BYTES);
    try {
      int written =
          cipher(Cipher.ENCRYPT_MODE, nonce, boundTo)
              .doFinal(plain, 0, plain.length, out, HEAD_BYTES);
      if (written != plain.length + TAG_BYTES) {
        throw new IllegalStateException("AES-GCM wrote %d bytes".formatted(written));
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is part of every JDK", e);
    }
    return Base64.getEncoder().encodeToString(out);
  }

  private byte[] open(String wrapped, byte[] boundTo) {
    byte[] in;
    try {
      in = Base64.getDecoder().decode(wrapped);
    } catch (IllegalArgumentException e) {
      throw refused();
    }
    if (in.length < HEAD_BYTES + TAG_BYTES || in[0] != VERSION) {
      throw refused();
    }
    try {
      return cipher(Cipher.DECRYPT_MODE, Arrays.copyOfRange(in, 1, HEAD_BYTES), boundTo)
          .doFinal(in, HEAD_BYTES, in.length - HEAD_BYTES);
    } catch (GeneralSecurityException e) {
      throw refused();
    }
  }

  private Cipher cipher(int mode, byte[] nonce, byte[] boundTo) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode,
        new SecretKeySpec(wrappingKey, "AES"),
        new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    cipher.updateAAD(boundTo);
    return cipher;
  }

  private static ServerFailure refused() {
    return new ServerFailure(
        FailureCode.INTERNAL_ERROR,
        "a stored secret cannot be unwrapped (expected: unchanged, and the master key that wrapped"
            + " it)");
  }

  @Override
  public String toString() {
    return "KeyWrapper";
  }
}
