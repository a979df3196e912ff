package dev.sluice.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** CBC by pattern built from single AES blocks: slow and plain. */
final class ReferenceCbc {
  private ReferenceCbc() {}

  /** What {@link MediaCipher#cbc} must give, and in {@code ends} the chain block of each range. */
  static byte[] encrypt(byte[] key, CbcRanges ranges, byte[] plain, byte[][] ends) {
    byte[] out = plain.clone();
    for (int i = 0; i < ranges.count(); i++) {
      byte[] chain =
          ByteBuffer.allocate(16).putLong(ranges.startHigh(i)).putLong(ranges.startLow(i)).array();
      var pattern = ranges.pattern(i);
      for (int block = 0; 16 * block + 16 <= ranges.lengthBytes(i); block++) {
        int inPattern = (ranges.phaseBlocks(i) + block) % pattern.periodBlocks();
        if (inPattern < pattern.cryptBlocks()) {
          int at = ranges.offsetBytes(i) + 16 * block;
          for (int k = 0; k < 16; k++) {
            chain[k] ^= plain[at + k];
          }
          chain = block(key, chain);
          System.arraycopy(chain, 0, out, at, 16);
        }
      }
      ends[i] = Arrays.copyOf(chain, 16);
    }
    return out;
  }

  private static byte[] block(byte[] key, byte[] input) {
    try {
      Cipher ecb = Cipher.getInstance("AES/ECB/NoPadding");
      ecb.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
      return ecb.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
