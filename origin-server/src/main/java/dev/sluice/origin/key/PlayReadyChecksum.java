package dev.sluice.origin.key;

import dev.sluice.origin.media.Bytes;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * PlayReady's checksum of a key: the first 8 bytes of its id (as a .NET GUID) encrypted with it. It
 * tells a wrong key from the right one, and nothing of the key.
 *
 * <p>Spec: PlayReady Header Specification, "Key checksum algorithm".
 */
public final class PlayReadyChecksum {

  /** The length of a checksum. */
  public static final int BYTES = 8;

  private PlayReadyChecksum() {}

  /** The checksum of a key, 8 bytes. */
  // One block: no mode is involved, and ECB is what PlayReady defines.
  @SuppressWarnings("InsecureCryptoUsage")
  public static Bytes of(ContentKey key) {
    byte[] value = key.copyValue();
    try {
      var aes = Cipher.getInstance("AES/ECB/NoPadding");
      aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(value, "AES"));
      return Bytes.copyOf(aes.doFinal(key.id().guidBytes()), 0, BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES is part of every JDK", e);
    } finally {
      Arrays.fill(value, (byte) 0);
    }
  }
}
