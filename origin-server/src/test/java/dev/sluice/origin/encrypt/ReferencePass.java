package dev.sluice.origin.encrypt;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** What CENC does with one sample, built from single AES blocks: slow and plain. */
final class ReferencePass {
  private final Cipher ecb;

  ReferencePass(byte[] key) {
    try {
      ecb = Cipher.getInstance("AES/ECB/NoPadding");
      ecb.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Encrypts the protected ranges of {@code sample}, given as pairs of clear and protected. */
  byte[] cenc(byte[] sample, int[] clearAndProtected, long iv) {
    byte[] out = sample.clone();
    int at = 0;
    int done = 0;
    for (int i = 0; i < clearAndProtected.length; i += 2) {
      at += clearAndProtected[i];
      for (int k = 0; k < clearAndProtected[i + 1]; k++, at++, done++) {
        byte[] counter = ByteBuffer.allocate(16).putLong(iv).putLong(done / 16).array();
        out[at] ^= block(counter)[done % 16];
      }
    }
    return out;
  }

  /** The same under {@code cbcs}; every tenth block, or every one. */
  byte[] cbcs(byte[] sample, int[] clearAndProtected, byte[] iv, int period) {
    byte[] out = sample.clone();
    int at = 0;
    for (int i = 0; i < clearAndProtected.length; i += 2) {
      at += clearAndProtected[i];
      byte[] chain = iv;
      for (int k = 0; k + 16 <= clearAndProtected[i + 1]; k += 16) {
        if (k / 16 % period == 0) {
          byte[] input = chain.clone();
          for (int b = 0; b < 16; b++) {
            input[b] ^= sample[at + k + b];
          }
          chain = block(input);
          System.arraycopy(chain, 0, out, at + k, 16);
        }
      }
      at += clearAndProtected[i + 1];
    }
    return out;
  }

  private byte[] block(byte[] input) {
    try {
      return ecb.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
