package dev.sluice.crypto;

/** Goes over the runs of whole blocks that a range's pattern encrypts. */
final class PatternRuns {
  private static final int BLOCK_BYTES = 16;

  private final CbcRanges.Pattern pattern;
  private final int wholeBytes;

  /** How many blocks of the pattern lie before {@code atBytes}. */
  private int phaseBlocks;

  private long atBytes;
  private int lengthBytes;

  PatternRuns(CbcRanges ranges, int range) {
    this.pattern = ranges.pattern(range);
    this.wholeBytes = ranges.lengthBytes(range) / BLOCK_BYTES * BLOCK_BYTES;
    this.phaseBlocks = ranges.phaseBlocks(range);
  }

  /**
   * Moves to the next run, or the next part of it.
   *
   * @param maxBytes of the part, a multiple of 16
   * @return whether there is one
   */
  boolean next(int maxBytes) {
    atBytes += lengthBytes;
    phaseBlocks += lengthBytes / BLOCK_BYTES;
    lengthBytes = 0;
    if (pattern.skipBlocks() == 0) {
      phaseBlocks = 0;
    } else if (phaseBlocks >= pattern.cryptBlocks()) {
      atBytes += (long) BLOCK_BYTES * (pattern.periodBlocks() - phaseBlocks);
      phaseBlocks = 0;
    }
    if (atBytes >= wholeBytes) {
      return false;
    }
    int rest = (int) Math.min(maxBytes, wholeBytes - atBytes);
    boolean all = pattern.skipBlocks() == 0;
    lengthBytes = all ? rest : Math.min(rest, BLOCK_BYTES * (pattern.cryptBlocks() - phaseBlocks));
    return true;
  }

  /** Where the run begins in the range. */
  int offsetBytes() {
    return (int) atBytes;
  }

  /** How long it is: at least a block, in whole blocks. */
  int lengthBytes() {
    return lengthBytes;
  }
}
