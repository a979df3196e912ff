package dev.sluice.origin.segment.ts;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;

/**
 * Keeps start codes out of a NAL unit: behind two zero bytes, one of at most 3 gets a 3 in front.
 *
 * <p>Spec: AVC 7.4.1.1.
 */
final class EmulationPrevention {

  /** emulation_prevention_three_byte. */
  static final int INSERTED = 3;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private EmulationPrevention() {}

  /** Tells before which bytes of a unit one has to be inserted. */
  static void find(byte[] nal, int lengthBytes, IntConsumer out) {
    int at = 0;
    while (at + 2 < lengthBytes) {
      at = nextZero(nal, at, lengthBytes);
      if (at + 2 >= lengthBytes) {
        return;
      }
      if (nal[at + 1] != 0) {
        at += 2;
      } else if ((nal[at + 2] & 0xff) > INSERTED) {
        at += 3;
      } else {
        at += 2;
        out.accept(at);
      }
    }
  }

  /** The first zero byte from here on; near or at the end if there is none. */
  private static int nextZero(byte[] bytes, int from, int end) {
    int at = from;
    while (at + Long.BYTES <= end) {
      long eight = (long) EIGHT_BYTES.get(bytes, at);
      long zeros = (eight - ONES) & ~eight & HIGH_BITS;
      if (zeros != 0) {
        return at + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
      }
      at += Long.BYTES;
    }
    while (at < end && bytes[at] != 0) {
      at++;
    }
    return at;
  }
}
