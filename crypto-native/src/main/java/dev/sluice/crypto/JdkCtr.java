package dev.sluice.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Key;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-128-CTR with a 64-bit block counter, on the JDK's cipher, which counts in 128 bits. For one
 * thread at a time.
 *
 * <pre>
 *   counter block = IV (8 bytes) | block number (8 bytes, big-endian, modulo 2^64)
 * </pre>
 *
 * <p>A range in which the block number wraps is encrypted in two runs, so that no carry reaches the
 * IV (CENC 9.2).
 */
final class JdkCtr {

  /**
   * The most that a call of the JDK's cipher is given. Its fast code is compiled after a number of
   * calls, whatever their size, so large ones stay slow for thousands of fragments.
   */
  static final int STEP_BYTES = 16 * 1024;

  private static final int BLOCK_BYTES = 16;
  private static final Key NO_KEY = new SecretKeySpec(new byte[BLOCK_BYTES], "AES");
  private static final byte[] ZEROS = new byte[BLOCK_BYTES];

  /** Where a range begins in its sample's keystream. */
  record Counter(long ivHigh, long ivLow, long keystreamOffsetBytes) {}

  private final Cipher cipher;
  private final byte[] counterBlock = new byte[BLOCK_BYTES];
  private final byte[] scratchIn = new byte[STEP_BYTES];
  private final byte[] scratchOut = new byte[STEP_BYTES];
  private Key key = NO_KEY;

  JdkCtr() {
    try {
      cipher = Cipher.getInstance("AES/CTR/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/CTR/NoPadding: absent (expected: in every JDK)", e);
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

  void encrypt(
      Counter counter, ByteBuffer source, int from, ByteBuffer target, int to, int lengthBytes) {
    long block = counter.ivLow() + counter.keystreamOffsetBytes() / BLOCK_BYTES;
    int skipBytes = (int) (counter.keystreamOffsetBytes() % BLOCK_BYTES);
    int done = 0;
    while (done < lengthBytes) {
      int runBytes = Math.min(lengthBytes - done, bytesBeforeWrap(block, skipBytes));
      init(counter.ivHigh(), block);
      update(ZEROS, 0, skipBytes, scratchOut, 0);
      run(source, from + done, target, to + done, runBytes);
      done += runBytes;
      block = 0;
      skipBytes = 0;
    }
  }

  private static int bytesBeforeWrap(long block, int skipBytes) {
    long blocksLeft = -block;
    boolean beyondAnyBuffer = blocksLeft <= 0 || blocksLeft > Integer.MAX_VALUE / BLOCK_BYTES;
    return beyondAnyBuffer ? Integer.MAX_VALUE : (int) blocksLeft * BLOCK_BYTES - skipBytes;
  }

  private void run(ByteBuffer source, int from, ByteBuffer target, int to, int lengthBytes) {
    for (int done = 0; done < lengthBytes; done += STEP_BYTES) {
      int step = Math.min(STEP_BYTES, lengthBytes - done);
      byte[] in = scratchIn;
      int inOffset = 0;
      if (source.hasArray()) {
        in = source.array();
        inOffset = source.arrayOffset() + from + done;
      } else {
        source.get(from + done, scratchIn, 0, step);
      }
      if (target.hasArray()) {
        update(in, inOffset, step, target.array(), target.arrayOffset() + to + done);
      } else {
        update(in, inOffset, step, scratchOut, 0);
        target.put(to + done, scratchOut, 0, step);
      }
    }
  }

  private void init(long ivHigh, long block) {
    ByteBuffer.wrap(counterBlock).putLong(ivHigh).putLong(block);
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(counterBlock));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/CTR/NoPadding: refused its key or IV", e);
    }
  }

  private void update(byte[] in, int inOffset, int lengthBytes, byte[] out, int outOffset) {
    if (lengthBytes == 0) {
      return;
    }
    try {
      int written = cipher.update(in, inOffset, lengthBytes, out, outOffset);
      if (written != lengthBytes) {
        throw new IllegalStateException(
            "AES/CTR/NoPadding: %d bytes (expected: %d, as given)".formatted(written, lengthBytes));
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/CTR/NoPadding: refused its output buffer", e);
    }
  }
}
