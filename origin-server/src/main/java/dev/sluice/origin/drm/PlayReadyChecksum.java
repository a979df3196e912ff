package dev.sluice.origin.drm;

import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * The CHECKSUM of a PlayReady header, by which a client sees that it was given another key: the
 * first 8 bytes of the key id, as a .NET GUID, encrypted with the key.
 *
 * <p>Spec: PlayReady Header Specification, "Key checksum algorithm".
 */
public final class PlayReadyChecksum {

  /** The length of a checksum. */
  public static final int BYTES = 8;

  private PlayReadyChecksum() {}

  /**
   * The checksum of a key.
   *
   * <p>Ownership: {@code key}, 16 bytes, is borrowed; the caller wipes it.
   */
  // One block, and the format wants it: no mode of operation is involved.
  @SuppressWarnings("InsecureCryptoUsage")
  public static Bytes of(KeyId keyId, byte[] key) {
    try {
      var aes = Cipher.getInstance("AES/ECB/NoPadding");
      aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
      return Bytes.copyOf(aes.doFinal(keyId.guidBytes()), 0, BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("content key: not usable (expected: 16 bytes for AES)", e);
    }
  }
}
