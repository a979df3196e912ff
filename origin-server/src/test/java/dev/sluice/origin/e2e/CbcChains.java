package dev.sluice.origin.e2e;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Which blocks of 16 bytes are encrypted, by each scheme that has AES-CBC in samples. A chain is
 * the offsets of its blocks; each begins with the constant IV.
 */
final class CbcChains {
  static final int BLOCK_BYTES = 16;
  private static final int PATTERN_BYTES = 10 * BLOCK_BYTES;

  private CbcChains() {}

  /** {@code cbcs} with the pattern 1:9, a chain for each protected range (23001-7, 10.4.2). */
  static List<int[]> cbcsVideo(List<int[]> protectedRanges) {
    return protectedRanges.stream()
        .map(range -> blocks(range[0], range[0] + range[1] - BLOCK_BYTES, PATTERN_BYTES))
        .toList();
  }

  /** {@code cbcs} without a pattern: every whole block. */
  static List<int[]> cbcsAudio(int sampleBytes) {
    return List.of(blocks(0, sampleBytes - BLOCK_BYTES, BLOCK_BYTES));
  }

  /** SAMPLE-AES of a slice: a block that is the last of it stays clear. */
  static List<int[]> sampleAesSlice(int nalBytes) {
    return nalBytes <= 48
        ? List.of()
        : List.of(blocks(32, nalBytes - BLOCK_BYTES - 1, PATTERN_BYTES));
  }

  /** SAMPLE-AES of an AAC frame without its header. */
  static List<int[]> sampleAesFrame(int frameBytes) {
    return List.of(blocks(BLOCK_BYTES, frameBytes - BLOCK_BYTES, BLOCK_BYTES));
  }

  private static int[] blocks(int first, int last, int step) {
    return IntStream.iterate(first, at -> at <= last, at -> at + step).toArray();
  }

  /** Every block of every chain, as offset and length. */
  static List<int[]> ranges(List<int[]> chains) {
    var ranges = new ArrayList<int[]>();
    chains.forEach(c -> IntStream.of(c).forEach(at -> ranges.add(new int[] {at, BLOCK_BYTES})));
    return ranges;
  }

  /** The bytes in the clear, block by block with AES in ECB mode. */
  static byte[] decrypt(byte[] bytes, List<int[]> chains, byte[] key, byte[] iv) {
    byte[] clear = bytes.clone();
    try {
      var ecb = Cipher.getInstance("AES/ECB/NoPadding");
      ecb.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"));
      for (int[] chain : chains) {
        byte[] before = iv;
        int beforeAt = 0;
        for (int at : chain) {
          byte[] block = ecb.doFinal(bytes, at, BLOCK_BYTES);
          for (int i = 0; i < BLOCK_BYTES; i++) {
            clear[at + i] = (byte) (block[i] ^ before[beforeAt + i]);
          }
          before = bytes;
          beforeAt = at;
        }
      }
      return clear;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
