package dev.sluice.crypto;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The protected ranges of a piece of media under {@code cenc}: where each begins, how long it is,
 * and where in its sample's keystream it begins. An array that grows; one instance is used again
 * for piece after piece.
 *
 * <p>Ranges do not overlap and are added in rising order.
 */
public final class CtrRanges {

  /** A range is what {@code struct sluice_ctr_range} is, so that native code reads the array. */
  private static final int LONGS = 4;

  private static final int IV_HIGH = 1;
  private static final int IV_LOW = 2;
  private static final int KEYSTREAM = 3;

  private int count;
  private long[] packed = new long[64 * LONGS];
  private MemorySegment segment = MemorySegment.ofArray(packed);

  /** Forgets all ranges. */
  public void clear() {
    count = 0;
  }

  /**
   * Adds a range.
   *
   * @param offset in the piece, in bytes
   * @param length in bytes
   * @param high the first 8 bytes of the sample's counter block, big-endian: an 8-byte IV
   * @param low the last 8 bytes of it, big-endian: 0 with an 8-byte IV. It counts modulo 2^64,
   *     without a carry into the first 8 bytes (CENC 9.2)
   * @param keystreamOffset how many protected bytes of the sample lie before the range
   */
  public void add(int offset, int length, long high, long low, long keystreamOffset) {
    int at = count * LONGS;
    if (at == packed.length) {
      packed = Arrays.copyOf(packed, Math.multiplyExact(at, 2));
      segment = MemorySegment.ofArray(packed);
    }
    packed[at] = Packing.pair(offset, length);
    packed[at + IV_HIGH] = high;
    packed[at + IV_LOW] = low;
    packed[at + KEYSTREAM] = keystreamOffset;
    count++;
  }

  /** Cuts off what lies at or behind {@code end}, counted in the piece. */
  public void cutAt(int end) {
    while (count > 0 && offsetBytes(count - 1) >= end) {
      count--;
    }
    if (count > 0) {
      int offset = offsetBytes(count - 1);
      int length = Math.min(lengthBytes(count - 1), end - offset);
      packed[(count - 1) * LONGS] = Packing.pair(offset, length);
    }
  }

  /** How many ranges there are. */
  public int count() {
    return count;
  }

  public int offsetBytes(int range) {
    return Packing.first(packed[range * LONGS]);
  }

  public int lengthBytes(int range) {
    return Packing.second(packed[range * LONGS]);
  }

  public long ivHigh(int range) {
    return packed[range * LONGS + IV_HIGH];
  }

  public long ivLow(int range) {
    return packed[range * LONGS + IV_LOW];
  }

  public long keystreamOffsetBytes(int range) {
    return packed[range * LONGS + KEYSTREAM];
  }

  /** The array, for native code. */
  MemorySegment packed() {
    return segment;
  }
}
