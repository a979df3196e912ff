package dev.sluice.origin.encrypt;

import java.nio.ByteBuffer;

/**
 * Reads bytes in which each encrypted block depends on those before it, in any order and cut. A
 * read that follows the last one goes on with the chain, and the block that the last one ended
 * within is kept; any other begins where the chain does, and passes over what was not asked for.
 */
final class ChainReader implements SampleBytes {

  /** The most bytes that a chain is asked for at once. */
  static final int MAX_PIECE_BYTES = 64 * 1024;

  /** The size of an encrypted block. */
  static final int BLOCK_BYTES = 16;

  /** Bytes under chained encryption, piece by piece. */
  interface Chain {

    /** The last place at or before this position where no chain block is needed to begin. */
    long restart(long positionBytes);

    /**
     * This position, or the start of the encrypted block that it lies within. The chain can go on
     * from there.
     *
     * @param positionBytes above 0
     */
    long pause(long positionBytes);

    /**
     * Fills {@code out} to its limit with the encrypted bytes from a position on: a restart, or
     * where the last call ended.
     *
     * @param out at most {@link #MAX_PIECE_BYTES}, ending at a pause
     */
    void encrypt(long positionBytes, ByteBuffer out);
  }

  private static final long UNKNOWN = -1;

  private final Chain chain;
  private final byte[] heldBlock = new byte[BLOCK_BYTES];

  /** Where the held block lies; {@code UNKNOWN} if there is none. */
  private long heldBytes = UNKNOWN;

  /** Where the chain stands. */
  private long chainBytes = UNKNOWN;

  /** The bytes of this chain. */
  ChainReader(Chain chain) {
    this.chain = chain;
  }

  @Override
  public void read(long offsetBytes, ByteBuffer out) {
    long position = offsetBytes;
    while (out.hasRemaining()) {
      int before = out.remaining();
      if (isHeld(position)) {
        int at = (int) (position - heldBytes);
        out.put(heldBlock, at, Math.min(BLOCK_BYTES - at, before));
      } else if (position == chainBytes) {
        advance(before, out);
      } else {
        seek(position);
      }
      position += before - out.remaining();
    }
  }

  private boolean isHeld(long position) {
    return heldBytes != UNKNOWN && position >= heldBytes && position < heldBytes + BLOCK_BYTES;
  }

  /** Moves the chain to this position, or over the block that it lies within, which is held. */
  private void seek(long position) {
    chainBytes = chain.restart(position);
    var passedOver = ByteBuffer.allocate((int) Math.min(MAX_PIECE_BYTES, position - chainBytes));
    while (chainBytes < position) {
      advance(position - chainBytes, passedOver.clear());
    }
  }

  /**
   * Moves the chain by at most so many bytes, which go to {@code out}, or by the block that they
   * end within, which is held.
   */
  private void advance(long maxBytes, ByteBuffer out) {
    long from = chainBytes;
    long end = chain.pause(from + Math.min(maxBytes, MAX_PIECE_BYTES));
    if (end > from) {
      int limit = out.limit();
      out.limit(out.position() + (int) (end - from));
      encrypt(out);
      out.limit(limit);
    } else {
      heldBytes = UNKNOWN;
      encrypt(ByteBuffer.wrap(heldBlock));
      heldBytes = from;
    }
  }

  private void encrypt(ByteBuffer out) {
    long end = chainBytes + out.remaining();
    long from = chainBytes;
    // Where the chain stands after a failure nobody knows.
    chainBytes = UNKNOWN;
    chain.encrypt(from, out);
    chainBytes = end;
  }
}
