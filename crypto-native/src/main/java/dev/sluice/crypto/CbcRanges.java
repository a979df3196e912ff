package dev.sluice.crypto;

import java.util.Arrays;

/**
 * The ranges of a piece of media that AES-128-CBC covers: where each begins, how long it is, which
 * of its blocks the pattern encrypts, and the chain block before its first encrypted one. Each
 * range is a chain of its own, so an engine may work on many at a time. Parallel arrays that grow;
 * one instance is used again for piece after piece.
 *
 * <pre>
 *   range    | block | block | ... | block | rest, below 16 bytes: clear |
 *   pattern    crypt blocks encrypted, skip blocks clear, over and over; begun at its phase
 *   chain      start -> encrypted block -> encrypted block -> ... -> end
 * </pre>
 *
 * <p>The chain passes over the clear blocks (CENC 10.4.2). A range that is cut at a block goes on
 * in the next piece: from the {@linkplain #endHigh chain block at its end}, and in the phase that
 * follows from the blocks done.
 *
 * <p>Ranges do not overlap and are added in rising order.
 */
public final class CbcRanges {

  /**
   * Which blocks of a range are encrypted: so many, then so many left clear, and again. A group
   * that the range's end cuts off is encrypted as far as it has whole blocks.
   *
   * @param cryptBlocks at least 1
   * @param skipBlocks 0: every whole block is encrypted
   */
  public record Pattern(int cryptBlocks, int skipBlocks) {

    /** Every whole block. */
    public static final Pattern ALL = new Pattern(1, 0);

    /** What {@code cbcs} does with video: one block of ten. */
    public static final Pattern ONE_OF_TEN = new Pattern(1, 9);

    private static final int MAX_BLOCKS = 1 << 16;

    public Pattern {
      if (cryptBlocks < 1
          || cryptBlocks > MAX_BLOCKS
          || skipBlocks < 0
          || skipBlocks > MAX_BLOCKS) {
        throw new IllegalArgumentException(
            "pattern: %d:%d (expected: 1 or more : 0 or more, at most %d)"
                .formatted(cryptBlocks, skipBlocks, MAX_BLOCKS));
      }
    }

    /** After how many blocks it begins anew. */
    public int periodBlocks() {
      return cryptBlocks + skipBlocks;
    }
  }

  private int count;
  private int[] offsetBytes = new int[64];
  private int[] lengthBytes = new int[64];
  private Pattern[] patterns = new Pattern[64];
  private int[] phaseBlocks = new int[64];
  private long[] chainHigh = new long[64];
  private long[] chainLow = new long[64];

  /** Forgets all ranges. */
  public void clear() {
    count = 0;
  }

  /**
   * Adds a range.
   *
   * @param offset in the piece, in bytes
   * @param length in bytes; what is left behind its last whole block stays clear
   * @param phase how many blocks of the pattern lie before the range, below its period
   * @param startHigh the first 8 bytes, big-endian, of what is added to the first encrypted block:
   *     the IV, or the encrypted block before it
   * @param startLow the last 8 bytes of it, big-endian
   */
  public void add(
      int offset, int length, Pattern pattern, int phase, long startHigh, long startLow) {
    if (count == offsetBytes.length) {
      int capacity = Math.multiplyExact(count, 2);
      offsetBytes = Arrays.copyOf(offsetBytes, capacity);
      lengthBytes = Arrays.copyOf(lengthBytes, capacity);
      patterns = Arrays.copyOf(patterns, capacity);
      phaseBlocks = Arrays.copyOf(phaseBlocks, capacity);
      chainHigh = Arrays.copyOf(chainHigh, capacity);
      chainLow = Arrays.copyOf(chainLow, capacity);
    }
    offsetBytes[count] = offset;
    lengthBytes[count] = length;
    patterns[count] = pattern;
    phaseBlocks[count] = phase;
    chainHigh[count] = startHigh;
    chainLow[count] = startLow;
    count++;
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

  public Pattern pattern(int range) {
    return patterns[range];
  }

  public int phaseBlocks(int range) {
    return phaseBlocks[range];
  }

  /** The first half of the chain block before the range. */
  public long startHigh(int range) {
    return chainHigh[range];
  }

  /** The second half of the chain block before the range. */
  public long startLow(int range) {
    return chainLow[range];
  }

  /**
   * The first half of the chain block at the range's end, once it has been encrypted: its last
   * encrypted block, or the start's where it has none. It takes the start's place, so encrypt
   * ranges once.
   */
  public long endHigh(int range) {
    return chainHigh[range];
  }

  /** The second half of the chain block at the range's end. */
  public long endLow(int range) {
    return chainLow[range];
  }

  /** Sets the chain block at a range's end: for engines. */
  void end(int range, long high, long low) {
    chainHigh[range] = high;
    chainLow[range] = low;
  }
}
