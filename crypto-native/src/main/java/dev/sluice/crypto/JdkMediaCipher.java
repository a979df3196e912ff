package dev.sluice.crypto;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * The engine on the JDK's ciphers.
 *
 * <p>Ciphers and their scratch space are pooled and not bound to threads, since the callers'
 * threads may be many and short-lived.
 */
public final class JdkMediaCipher implements MediaCipher {

  private static final int KEY_BYTES = 16;

  /** Enough for every core to find one at hand; those beyond it are garbage after the call. */
  private static final int POOLED = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

  private final Queue<JdkCtr> ctrPool = new ArrayBlockingQueue<>(POOLED);
  private final Queue<JdkCbc> cbcPool = new ArrayBlockingQueue<>(POOLED);

  @Override
  public String engine() {
    return "jdk";
  }

  @Override
  public void ctr(byte[] key, CtrRanges ranges, ByteBuffer source, ByteBuffer target) {
    requireValid(key, ranges, source, target);
    JdkCtr pooled = ctrPool.poll();
    JdkCtr ctr = pooled == null ? new JdkCtr() : pooled;
    ctr.begin(key);
    try {
      copyAndEncrypt(ctr, ranges, source, target);
    } finally {
      ctr.forgetKey();
    }
    source.position(source.limit());
    target.position(target.limit());
    // One that failed is not given back: its state is unknown.
    ctrPool.offer(ctr);
  }

  @Override
  public void cbc(byte[] key, CbcRanges ranges, ByteBuffer source, ByteBuffer target) {
    requireValid(key, ranges, source, target);
    JdkCbc pooled = cbcPool.poll();
    JdkCbc cbc = pooled == null ? new JdkCbc() : pooled;
    cbc.begin(key);
    try {
      target.put(target.position(), source, source.position(), source.remaining());
      for (int i = 0; i < ranges.count(); i++) {
        cbc.encrypt(ranges, i, source, target);
      }
    } finally {
      cbc.forgetKey();
    }
    source.position(source.limit());
    target.position(target.limit());
    cbcPool.offer(cbc);
  }

  private static void copyAndEncrypt(
      JdkCtr ctr, CtrRanges ranges, ByteBuffer source, ByteBuffer target) {
    int sourceStart = source.position();
    int targetStart = target.position();
    int done = 0;
    for (int i = 0; i < ranges.count(); i++) {
      int offset = ranges.offsetBytes(i);
      int length = ranges.lengthBytes(i);
      target.put(targetStart + done, source, sourceStart + done, offset - done);
      ctr.encrypt(
          new JdkCtr.Counter(ranges.ivHigh(i), ranges.ivLow(i), ranges.keystreamOffsetBytes(i)),
          source,
          sourceStart + offset,
          target,
          targetStart + offset,
          length);
      done = offset + length;
    }
    target.put(targetStart + done, source, sourceStart + done, source.remaining() - done);
  }

  private static void requireValid(
      byte[] key, CtrRanges ranges, ByteBuffer source, ByteBuffer target) {
    requireValid(key, source, target);
    int end = 0;
    for (int i = 0; i < ranges.count(); i++) {
      int length = ranges.lengthBytes(i);
      end = requireRange(i, ranges.offsetBytes(i), length, end, source.remaining());
      long keystream = ranges.keystreamOffsetBytes(i);
      if (keystream < 0 || keystream > Long.MAX_VALUE - length) {
        throw new IllegalArgumentException(
            "range %d: keystream offset %d (expected: not negative, end within a long)"
                .formatted(i, keystream));
      }
    }
  }

  private static void requireValid(
      byte[] key, CbcRanges ranges, ByteBuffer source, ByteBuffer target) {
    requireValid(key, source, target);
    int end = 0;
    for (int i = 0; i < ranges.count(); i++) {
      end = requireRange(i, ranges.offsetBytes(i), ranges.lengthBytes(i), end, source.remaining());
      int phase = ranges.phaseBlocks(i);
      int period = ranges.pattern(i).periodBlocks();
      if (phase < 0 || phase >= period) {
        throw new IllegalArgumentException(
            "range %d: phase %d (expected: from 0 on, < %d)".formatted(i, phase, period));
      }
    }
  }

  private static void requireValid(byte[] key, ByteBuffer source, ByteBuffer target) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("key: %d bytes (expected: 16)".formatted(key.length));
    }
    if (target.remaining() != source.remaining()) {
      throw new IllegalArgumentException(
          "target: %d bytes (expected: %d, as the source)"
              .formatted(target.remaining(), source.remaining()));
    }
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("target: read-only (expected: writable)");
    }
  }

  /** Where the range ends. */
  private static int requireRange(int range, int offset, int length, int from, int size) {
    if (offset < from || length < 0 || length > size - offset) {
      throw new IllegalArgumentException(
          "range %d: %d+%d (expected: from %d on, end <= %d)"
              .formatted(range, offset, length, from, size));
    }
    return offset + length;
  }
}
