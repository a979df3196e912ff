package dev.sluice.origin.encrypt;

import java.nio.ByteBuffer;

/**
 * What a read that has not come to its end leaves in the caller's buffer: clear bytes are read to
 * where the encrypted ones are wanted. They are overwritten, though the caller must not use them.
 */
public final class ClearRest {
  private static final byte[] ZEROS = new byte[4096];

  private final ByteBuffer out;
  private final int begin;
  private final int limit;

  /** A read to this buffer begins. */
  public ClearRest(ByteBuffer out) {
    this.out = out;
    this.begin = out.position();
    this.limit = out.limit();
  }

  /** The read has failed, or would have to wait: nothing of it stays. */
  public void wipe() {
    out.limit(limit);
    for (int at = begin; at < limit; at += ZEROS.length) {
      out.put(at, ZEROS, 0, Math.min(ZEROS.length, limit - at));
    }
    out.position(begin);
  }
}
