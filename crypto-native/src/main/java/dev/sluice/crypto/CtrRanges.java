package dev.sluice.crypto;

import java.util.Arrays;

/**
 * The protected ranges of a piece of media under {@code cenc}: where each begins, how long it is,
 * and where in its sample's keystream it begins. Parallel arrays that grow; one instance is used
 * again for piece after piece.
 *
 * <p>Ranges do not overlap and are added in rising order.
 */
public final class CtrRanges {
  private int count;
  private int[] offsetBytes = new int[64];
  private int[] lengthBytes = new int[64];
  private long[] ivHigh = new long[64];
  private long[] ivLow = new long[64];
  private long[] keystreamOffsetBytes = new long[64];

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
    if (count == offsetBytes.length) {
      int capacity = Math.multiplyExact(count, 2);
      offsetBytes = Arrays.copyOf(offsetBytes, capacity);
      lengthBytes = Arrays.copyOf(lengthBytes, capacity);
      ivHigh = Arrays.copyOf(ivHigh, capacity);
      ivLow = Arrays.copyOf(ivLow, capacity);
      keystreamOffsetBytes = Arrays.copyOf(keystreamOffsetBytes, capacity);
    }
    offsetBytes[count] = offset;
    lengthBytes[count] = length;
    ivHigh[count] = high;
    ivLow[count] = low;
    keystreamOffsetBytes[count] = keystreamOffset;
    count++;
  }

  /** Cuts off what lies at or behind {@code end}, counted in the piece. */
  public void cutAt(int end) {
    while (count > 0 && offsetBytes[count - 1] >= end) {
      count--;
    }
    if (count > 0) {
      lengthBytes[count - 1] = Math.min(lengthBytes[count - 1], end - offsetBytes[count - 1]);
    }
  }

  /** How many ranges there are. */
  public int count() {
    return count;
  }

  public int offsetBytes(int range) {
    return offsetBytes[range];
  }

  public int lengthBytes(int range) {
    return lengthBytes[range];
  }

  public long ivHigh(int range) {
    return ivHigh[range];
  }

  public long ivLow(int range) {
    return ivLow[range];
  }

  public long keystreamOffsetBytes(int range) {
    return keystreamOffsetBytes[range];
  }
}
