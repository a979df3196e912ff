package dev.sluice.origin.key;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.KeyId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * PlayReady's key seed: one secret from which the key of every key id follows.
 *
 * <p>With {@code s} the first 30 bytes of the seed and {@code k} the key id as a .NET GUID, the
 * three digests SHA-256(s k), SHA-256(s k s) and SHA-256(s k s k) are folded by XOR, each of their
 * halves onto the other, into 16 bytes.
 */
public final class KeySeed {

  /** How many bytes of a seed count. A shorter one is refused, of a longer one the rest is cut. */
  public static final int BYTES = 30;

  private KeySeed() {}

  /**
   * The key of this id. Ownership: the caller closes it, and wipes the seed.
   *
   * @throws CallerFailure if the seed is shorter than 30 bytes
   */
  public static ContentKey derive(byte[] seed, KeyId id) {
    if (seed.length < BYTES) {
      throw new CallerFailure(
          FailureCode.BAD_REQUEST,
          "key seed: %d bytes (expected: at least 30 bytes)".formatted(seed.length));
    }
    byte[] cut = Arrays.copyOf(seed, BYTES);
    byte[] guid = id.guidBytes();
    byte[] value = new byte[ContentKey.BYTES];
    fold(value, cut, guid);
    fold(value, cut, guid, cut);
    fold(value, cut, guid, cut, guid);
    Arrays.fill(cut, (byte) 0);
    return ContentKey.taking(id, value);
  }

  private static void fold(byte[] value, byte[]... parts) {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
    for (byte[] part : parts) {
      sha256.update(part);
    }
    byte[] digest = sha256.digest();
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) (value[i] ^ digest[i] ^ digest[i + value.length]);
    }
    Arrays.fill(digest, (byte) 0);
  }
}
