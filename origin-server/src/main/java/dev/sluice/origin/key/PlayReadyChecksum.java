package dev.sluice.origin.key;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * PlayReady's checksum of a key: the first 8 bytes of its id (as a .NET GUID) encrypted with it. It
 * tells a wrong key from the right one, and nothing of the key.
 */
public final class PlayReadyChecksum {
  private static final int BYTES = 8;

  private PlayReadyChecksum() {}

  /** The checksum in base64. */
  public static String of(ContentKey key) {
    byte[] value = key.copyValue();
    try {
      // One block: no mode is involved, and ECB is what PlayReady defines.
      var aes = Cipher.getInstance("AES/ECB/NoPadding");
      aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(value, "AES"));
      byte[] block = aes.doFinal(key.id().guidBytes());
      return Base64.getEncoder().encodeToString(Arrays.copyOf(block, BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES is part of every JDK", e);
    } finally {
      Arrays.fill(value, (byte) 0);
    }
  }
}
