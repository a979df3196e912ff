package dev.sluice.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Key;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-128-CBC by pattern on the JDK's cipher. For one thread at a time.
 *
 * <p>The encrypted blocks of a range are gathered, so that the cipher gets them in one call, and
 * put back to their places.
 */
final class JdkCbc {

  /** See {@link JdkCtr#STEP_BYTES}. */
  private static final int STEP_BYTES = JdkCtr.STEP_BYTES;

  private static final int BLOCK_BYTES = 16;
  private static final Key NO_KEY = new SecretKeySpec(new byte[BLOCK_BYTES], "AES");

  private final Cipher cipher;
  private final byte[] chain = new byte[BLOCK_BYTES];
  private final byte[] gathered = new byte[STEP_BYTES];
  private final byte[] encrypted = new byte[STEP_BYTES];
  private Key key = NO_KEY;

  JdkCbc() {
    try {
      cipher = Cipher.getInstance("AES/CBC/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/CBC/NoPadding: absent (expected: in every JDK)", e);
    }
  }

  void begin(byte[] keyBytes) {
    key = new SecretKeySpec(keyBytes, "AES");
  }

  /** Replaces the key schedule in the cipher with that of no key. */
  void forgetKey() {
    key = NO_KEY;
    init(0, 0);
  }

  /** Encrypts a range's blocks from source to target; the rest of the target is left alone. */
  void encrypt(CbcRanges ranges, int range, ByteBuffer source, ByteBuffer target) {
    int from = source.position() + ranges.offsetBytes(range);
    int to = target.position() + ranges.offsetBytes(range);
    var reading = new PatternRuns(ranges, range);
    var writing = new PatternRuns(ranges, range);
    int bytes = gather(reading, source, from);
    if (bytes == 0) {
      return;
    }
    init(ranges.startHigh(range), ranges.startLow(range));
    int last = 0;
    while (bytes > 0) {
      update(bytes);
      scatter(writing, bytes, target, to);
      last = bytes - BLOCK_BYTES;
      bytes = gather(reading, source, from);
    }
    var end = ByteBuffer.wrap(encrypted, last, BLOCK_BYTES);
    ranges.end(range, end.getLong(), end.getLong());
  }

  private int gather(PatternRuns runs, ByteBuffer source, int from) {
    int bytes = 0;
    while (bytes < STEP_BYTES && runs.next(STEP_BYTES - bytes)) {
      source.get(from + runs.offsetBytes(), gathered, bytes, runs.lengthBytes());
      bytes += runs.lengthBytes();
    }
    return bytes;
  }

  private void scatter(PatternRuns runs, int count, ByteBuffer target, int to) {
    int bytes = 0;
    while (bytes < count && runs.next(count - bytes)) {
      target.put(to + runs.offsetBytes(), encrypted, bytes, runs.lengthBytes());
      bytes += runs.lengthBytes();
    }
  }

  private void init(long ivHigh, long ivLow) {
    ByteBuffer.wrap(chain).putLong(ivHigh).putLong(ivLow);
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(chain));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/CBC/NoPadding: refused its key or IV", e);
    }
  }

  private void update(int lengthBytes) {
    try {
      int written = cipher.update(gathered, 0, lengthBytes, encrypted, 0);
      if (written != lengthBytes) {
        throw new IllegalStateException(
            "AES/CBC/NoPadding: %d bytes (expected: %d, as given)".formatted(written, lengthBytes));
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/CBC/NoPadding: refused its output buffer", e);
    }
  }
}
