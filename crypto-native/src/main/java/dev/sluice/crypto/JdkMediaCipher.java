package dev.sluice.crypto;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * The engine on the JDK's ciphers.
 *
 * <p>Ciphers and their scratch space are pooled and not bound to threads, since the callers'
 * threads may be many and short-lived.
 */
public final class JdkMediaCipher implements MediaCipher {

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
    Pieces.requireNotMapped(source);
    Pieces.requireValid(key, ranges, source, target);
    boolean inPlace = inPlace(source, target);
    JdkCtr pooled = ctrPool.poll();
    JdkCtr ctr = pooled == null ? new JdkCtr() : pooled;
    ctr.begin(key);
    try {
      copyAndEncrypt(ctr, ranges, source, target, !inPlace);
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
    Pieces.requireNotMapped(source);
    Pieces.requireValid(key, ranges, source, target);
    encrypt(key, ranges, source, target, inPlace(source, target));
  }

  @Override
  public void cbc(List<CbcJob> jobs) {
    for (CbcJob job : jobs) {
      Pieces.requireNotMapped(job.source());
      Pieces.requireValid(job.key(), job.ranges(), job.source(), job.target());
      inPlace(job.source(), job.target());
    }
    for (CbcJob job : jobs) {
      ByteBuffer source = job.source();
      encrypt(job.key(), job.ranges(), source, job.target(), inPlace(source, job.target()));
    }
  }

  private static boolean inPlace(ByteBuffer source, ByteBuffer target) {
    return Pieces.same(MemorySegment.ofBuffer(source), MemorySegment.ofBuffer(target));
  }

  private void encrypt(
      byte[] key, CbcRanges ranges, ByteBuffer source, ByteBuffer target, boolean inPlace) {
    JdkCbc pooled = cbcPool.poll();
    JdkCbc cbc = pooled == null ? new JdkCbc() : pooled;
    cbc.begin(key);
    try {
      if (!inPlace) {
        target.put(target.position(), source, source.position(), source.remaining());
      }
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
      JdkCtr ctr, CtrRanges ranges, ByteBuffer source, ByteBuffer target, boolean copies) {
    int sourceStart = source.position();
    int targetStart = target.position();
    int done = 0;
    for (int i = 0; i < ranges.count(); i++) {
      int offset = ranges.offsetBytes(i);
      int length = ranges.lengthBytes(i);
      if (copies) {
        target.put(targetStart + done, source, sourceStart + done, offset - done);
      }
      ctr.encrypt(
          new JdkCtr.Counter(ranges.ivHigh(i), ranges.ivLow(i), ranges.keystreamOffsetBytes(i)),
          source,
          sourceStart + offset,
          target,
          targetStart + offset,
          length);
      done = offset + length;
    }
    if (copies) {
      target.put(targetStart + done, source, sourceStart + done, source.remaining() - done);
    }
  }
}
