package dev.sluice.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.crypto.Cipher;

/** CBC by pattern built from single AES blocks: slow and plain. */
final class ReferenceCbc {
  private ReferenceCbc() {}

  /** What {@link MediaCipher#cbc} must give, and in {@code ends} the chain block of each range. */
  static byte[] encrypt(byte[] key, CbcRanges ranges, byte[] plain, byte[][] ends) {
    Cipher ecb = ReferenceCtr.ecb(key);
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
          chain = ecb.update(chain);
          System.arraycopy(chain, 0, out, at, 16);
        }
      }
      ends[i] = Arrays.copyOf(chain, 16);
    }
    return out;
  }
}
