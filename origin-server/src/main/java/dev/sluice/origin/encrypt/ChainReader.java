package dev.sluice.origin.encrypt;

import dev.sluice.crypto.SourceGoneException;
import dev.sluice.origin.media.MappedBytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads bytes in which each encrypted block depends on those before it, in any order and cut. A
 * read that follows the last one goes on with the chain, and the block that the last one ended
 * within is kept; any other begins where the chain does, and passes over what was not asked for.
 *
 * <p>The clear bytes are encrypted out of a mapping of their file where there is one and no wait is
 * needed; else they are read to where the encrypted ones are wanted, and encrypted there.
 */
final class ChainReader implements SampleBytes {

  /** The most bytes that are passed over at once. */
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
     * Encrypts clear bytes from a position on: a restart, or where the last call ended.
     *
     * @param source ends at a pause; borrowed
     * @param target the same bytes as the source, or others; borrowed
     */
    void encrypt(long positionBytes, ByteBuffer source, ByteBuffer target);
  }

  private static final long UNKNOWN = -1;

  private final SampleBytes clear;
  private final Chain chain;
  private final byte[] heldBlock = new byte[BLOCK_BYTES];

  /** Where the held block lies; {@code UNKNOWN} if there is none. */
  private long heldBytes = UNKNOWN;

  /** Where the chain stands. */
  private long chainBytes = UNKNOWN;

  /**
   * The bytes of this chain.
   *
   * @param clear what it encrypts
   */
  ChainReader(SampleBytes clear, Chain chain) {
    this.clear = clear;
    this.chain = chain;
  }

  @Override
  public void read(long offsetBytes, ByteBuffer out) {
    long position = offsetBytes;
    while (out.hasRemaining()) {
      int before = out.remaining();
      if (isHeld(position)) {
        putHeld(position, out);
      } else if (position == chainBytes) {
        advance(out);
      } else {
        seek(position);
      }
      position += before - out.remaining();
    }
  }

  @Override
  public boolean readNow(long offsetBytes, ByteBuffer out) {
    int begin = out.position();
    long end = offsetBytes + out.remaining();
    if (isHeld(offsetBytes)) {
      putHeld(offsetBytes, out);
    }
    long position = end - out.remaining();
    if (position == end) {
      return true;
    }
    long pause = Math.max(position, chain.pause(end));
    var rest = new byte[pause < end ? BLOCK_BYTES : 0];
    Optional<Begun> begun = begin(position, (int) (pause - position), out);
    if (begun.isEmpty() || (pause < end && !clear.readNow(pause, ByteBuffer.wrap(rest)))) {
      out.position(begin);
      return false;
    }
    chainBytes = position;
    if (pause > position) {
      encrypt(begun.get());
    }
    if (pause < end) {
      hold(rest);
      putHeld(pause, out);
    }
    return true;
  }

  /**
   * A piece that is to be encrypted.
   *
   * @param source its clear bytes: the target's own, or mapped
   * @param target where it is wanted
   * @param mapping what the source is a part of
   */
  record Begun(ByteBuffer source, ByteBuffer target, Optional<MappedBytes> mapping) {

    /** Looks, once it has been encrypted, whether it may leave. */
    void requireUnchanged() {
      mapping.ifPresent(MappedBytes::requireUnchanged);
    }
  }

  /**
   * Begins a piece that is to be encrypted by somebody else, who says then that it {@linkplain
   * #ended}.
   *
   * @param out stands at its limit then
   * @return empty where its bytes need a wait for storage, or it does not lie between pauses;
   *     nothing has changed then
   */
  Optional<Begun> beginNow(long positionBytes, ByteBuffer out) {
    long end = positionBytes + out.remaining();
    return end > positionBytes && chain.pause(end) == end
        ? begin(positionBytes, out.remaining(), out)
        : Optional.empty();
  }

  /** Has the clear bytes of a piece, and moves {@code out} behind the place where it is wanted. */
  private Optional<Begun> begin(long position, int length, ByteBuffer out) {
    if (!canBegin(position)) {
      return Optional.empty();
    }
    Optional<MappedBytes> mapping = length > 0 ? clear.mapped(position, length) : Optional.empty();
    if (mapping.isEmpty() && !readClearNow(position, length, out)) {
      return Optional.empty();
    }
    if (mapping.isPresent()) {
      out.position(out.position() + length);
    }
    ByteBuffer target = out.slice(out.position() - length, length);
    return Optional.of(
        new Begun(mapping.map(MappedBytes::bytes).orElseGet(target::duplicate), target, mapping));
  }

  /** The piece that was begun last has been encrypted up to here; {@code false}: it has failed. */
  void ended(long endBytes, boolean encrypted) {
    chainBytes = encrypted ? endBytes : UNKNOWN;
  }

  /** Whether a piece can begin here without passing over others. */
  private boolean canBegin(long position) {
    return position == chainBytes || chain.restart(position) == position;
  }

  private boolean readClearNow(long position, int length, ByteBuffer out) {
    int limit = out.limit();
    out.limit(out.position() + length);
    boolean read = length == 0 || clear.readNow(position, out);
    out.limit(limit);
    return read;
  }

  private boolean isHeld(long position) {
    return heldBytes != UNKNOWN && position >= heldBytes && position < heldBytes + BLOCK_BYTES;
  }

  private void putHeld(long position, ByteBuffer out) {
    int at = (int) (position - heldBytes);
    out.put(heldBlock, at, Math.min(BLOCK_BYTES - at, out.remaining()));
  }

  /** Moves the chain to this position, or over the block that it lies within, which is held. */
  private void seek(long position) {
    chainBytes = chain.restart(position);
    var passedOver = ByteBuffer.allocate((int) Math.min(MAX_PIECE_BYTES, position - chainBytes));
    while (chainBytes < position) {
      passedOver.clear().limit((int) Math.min(passedOver.capacity(), position - chainBytes));
      advance(passedOver);
    }
  }

  /** Moves the chain over {@code out}, which it fills, or over the block that it ends within. */
  private void advance(ByteBuffer out) {
    long from = chainBytes;
    int length = (int) (chain.pause(from + out.remaining()) - from);
    if (length > 0) {
      int limit = out.limit();
      out.limit(out.position() + length);
      clear.read(from, out);
      out.limit(limit);
      encrypt(out.slice(out.position() - length, length));
    } else {
      var block = new byte[BLOCK_BYTES];
      clear.read(from, ByteBuffer.wrap(block));
      hold(block);
    }
  }

  /** Encrypts the block in which the chain stands, and keeps it. */
  private void hold(byte[] block) {
    long from = chainBytes;
    heldBytes = UNKNOWN;
    System.arraycopy(block, 0, heldBlock, 0, BLOCK_BYTES);
    encrypt(ByteBuffer.wrap(heldBlock));
    heldBytes = from;
  }

  private void encrypt(ByteBuffer piece) {
    encrypt(new Begun(piece, piece.duplicate(), Optional.empty()));
  }

  private void encrypt(Begun piece) {
    long from = chainBytes;
    long end = from + piece.source().remaining();
    // Where the chain stands after a failure nobody knows.
    chainBytes = UNKNOWN;
    try {
      chain.encrypt(from, piece.source(), piece.target());
    } catch (SourceGoneException e) {
      throw GoneSource.failure();
    }
    piece.requireUnchanged();
    chainBytes = end;
  }
}
