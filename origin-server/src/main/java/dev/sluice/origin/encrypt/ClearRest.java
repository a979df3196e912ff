package dev.sluice.origin.encrypt;

import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/**
 * What a read that does not come to its end leaves in the caller's buffer: clear bytes are read to
 * where the encrypted ones are wanted. They are overwritten, though the caller must not use them.
 */
public final class ClearRest {
  private static final byte[] ZEROS = new byte[4096];

  private ClearRest() {}

  /**
   * Reads, and wipes the buffer up to its limit if that fails or would have to wait.
   *
   * @param out stands where it stood if it was not read
   * @param read whether it was read
   * @return the same
   */
  public static boolean wipedUnless(ByteBuffer out, BooleanSupplier read) {
    int begin = out.position();
    int limit = out.limit();
    boolean done = false;
    try {
      done = read.getAsBoolean();
      return done;
    } finally {
      if (!done) {
        out.limit(limit).position(begin);
        wipe(out);
      }
    }
  }

  /** Wipes what remains of a buffer, which stands where it stood. */
  static void wipe(ByteBuffer out) {
    for (int at = out.position(); at < out.limit(); at += ZEROS.length) {
      out.put(at, ZEROS, 0, Math.min(ZEROS.length, out.limit() - at));
    }
  }
}
