package dev.sluice.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** CENC's CTR built from single AES blocks: slow and plain. */
final class ReferenceCtr {
  private ReferenceCtr() {}

  /** What {@link MediaCipher#ctr} must give. */
  static byte[] encrypt(byte[] key, CtrRanges ranges, byte[] plain) {
    Cipher ecb = ecb(key);
    byte[] out = plain.clone();
    for (int i = 0; i < ranges.count(); i++) {
      for (int j = 0; j < ranges.lengthBytes(i); ) {
        long position = ranges.keystreamOffsetBytes(i) + j;
        byte[] pad = block(ecb, ranges.ivHigh(i), ranges.ivLow(i) + position / 16);
        for (int k = (int) (position % 16); k < 16 && j < ranges.lengthBytes(i); k++, j++) {
          out[ranges.offsetBytes(i) + j] ^= pad[k];
        }
      }
    }
    return out;
  }

  private static byte[] block(Cipher ecb, long high, long low) {
    return ecb.update(ByteBuffer.allocate(16).putLong(high).putLong(low).array());
  }

  /** AES of single blocks. */
  static Cipher ecb(byte[] key) {
    try {
      Cipher ecb = Cipher.getInstance("AES/ECB/NoPadding");
      ecb.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
      return ecb;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
