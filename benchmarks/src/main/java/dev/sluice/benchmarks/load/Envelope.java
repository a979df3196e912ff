package dev.sluice.benchmarks.load;

import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;

/**
 * AES-128-CBC with PKCS7 padding over a whole resource.
 *
 * @param key where its key is had
 * @param ivHigh the first 8 bytes of the IV
 * @param ivLow its last 8 bytes
 */
record Envelope(URI key, long ivHigh, long ivLow) {
  private static final int IV_DIGITS = 32;

  /**
   * @param iv as manifests write it: {@code 0x} and up to 32 hexadecimal digits
   * @throws LoadFailure if it is not that
   */
  static Envelope parse(URI key, String iv) throws LoadFailure {
    if (!iv.regionMatches(true, 0, "0x", 0, 2)
        || iv.length() - 2 > IV_DIGITS
        || !iv.substring(2).matches("\\p{XDigit}+")) {
      throw new LoadFailure(
          "manifest", "IV: not one (expected: 0x and 1 to 32 hexadecimal digits)");
    }
    var value = new BigInteger(iv.substring(2), 16);
    return new Envelope(key, value.shiftRight(Long.SIZE).longValue(), value.longValue());
  }

  /** The IV, 16 bytes. */
  byte[] iv() {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(ivHigh).putLong(ivLow).array();
  }
}
