package dev.sluice.origin.http;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;

/**
 * How large the pieces of a connection's answers are: small until its reader is known as a fast
 * one, and smaller where it is a slow one. A slow reader looks like a fast one until the buffers of
 * both systems are full.
 *
 * <p>Confined to the channel's loop.
 */
final class PieceSize {
  private static final AttributeKey<PieceSize> KEY = AttributeKey.valueOf(PieceSize.class, "size");

  private static final int MIN_BYTES = 16 << 10;
  private static final int FIRST_BYTES = 32 << 10;
  private static final int MAX_BYTES = 256 << 10;

  /** More than the buffers of a slow reader take. */
  private static final int PROOF_BYTES = 512 << 10;

  private int bytes = FIRST_BYTES;
  private long takenAtOnceBytes;

  private PieceSize() {}

  /** That of a connection, or of a stream. */
  static PieceSize of(Channel channel) {
    var attribute = channel.attr(KEY);
    PieceSize known = attribute.get();
    if (known == null) {
      known = new PieceSize();
      attribute.set(known);
    }
    return known;
  }

  /** How large the next piece may be. */
  int bytes() {
    return bytes;
  }

  /** The socket has taken a piece at once. */
  void takenAtOnce(int pieceBytes) {
    takenAtOnceBytes += pieceBytes;
    if (takenAtOnceBytes >= PROOF_BYTES) {
      bytes = Math.min(bytes * 2, MAX_BYTES);
    }
  }

  /** The socket is full. */
  void waits() {
    takenAtOnceBytes = 0;
    bytes = Math.max(bytes / 2, MIN_BYTES);
  }
}
