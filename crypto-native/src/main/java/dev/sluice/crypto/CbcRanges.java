package dev.sluice.crypto;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The ranges of a piece of media that AES-128-CBC covers: where each begins, how long it is, which
 * of its blocks the pattern encrypts, and the chain block before its first encrypted one. Each
 * range is a chain of its own, so an engine may work on many at a time. An array that grows; one
 * instance is used again for piece after piece.
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

  /** A range is what {@code struct sluice_cbc_range} is: native code reads and writes the array. */
  private static final int LONGS = 5;

  private static final int PATTERN = 1;
  private static final int PHASE = 2;
  private static final int CHAIN_HIGH = 3;
  private static final int CHAIN_LOW = 4;

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
   * @param length in bytes; what is left behind its last whole block stays clear
   * @param phase how many blocks of the pattern lie before the range, below its period
   * @param startHigh the first 8 bytes, big-endian, of what is added to the first encrypted block:
   *     the IV, or the encrypted block before it
   * @param startLow the last 8 bytes of it, big-endian
   */
  public void add(
      int offset, int length, Pattern pattern, int phase, long startHigh, long startLow) {
    int at = count * LONGS;
    if (at == packed.length) {
      packed = Arrays.copyOf(packed, Math.multiplyExact(at, 2));
      segment = MemorySegment.ofArray(packed);
    }
    packed[at] = Packing.pair(offset, length);
    packed[at + PATTERN] = Packing.pair(pattern.cryptBlocks(), pattern.skipBlocks());
    packed[at + PHASE] = Packing.pair(phase, 0);
    packed[at + CHAIN_HIGH] = startHigh;
    packed[at + CHAIN_LOW] = startLow;
    count++;
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

  public Pattern pattern(int range) {
    long pair = packed[range * LONGS + PATTERN];
    return new Pattern(Packing.first(pair), Packing.second(pair));
  }

  public int phaseBlocks(int range) {
    return Packing.first(packed[range * LONGS + PHASE]);
  }

  /** The first half of the chain block before the range. */
  public long startHigh(int range) {
    return packed[range * LONGS + CHAIN_HIGH];
  }

  /** The second half of the chain block before the range. */
  public long startLow(int range) {
    return packed[range * LONGS + CHAIN_LOW];
  }

  /**
   * The first half of the chain block at the range's end, once it has been encrypted: its last
   * encrypted block, or the start's where it has none. It takes the start's place, so encrypt
   * ranges once.
   */
  public long endHigh(int range) {
    return packed[range * LONGS + CHAIN_HIGH];
  }

  /** The second half of the chain block at the range's end. */
  public long endLow(int range) {
    return packed[range * LONGS + CHAIN_LOW];
  }

  /** The period of a range's pattern, without making one. */
  int periodBlocks(int range) {
    long pair = packed[range * LONGS + PATTERN];
    return Packing.first(pair) + Packing.second(pair);
  }

  /** Sets the chain block at a range's end: for engines. */
  void end(int range, long high, long low) {
    packed[range * LONGS + CHAIN_HIGH] = high;
    packed[range * LONGS + CHAIN_LOW] = low;
  }

  /** The array, for native code. */
  MemorySegment packed() {
    return segment;
  }
}
