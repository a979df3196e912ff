package dev.sluice.origin.http;

import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.ByteRange;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Moves a body to a channel, pulled by the socket: a piece is read only when what was written
 * before has left. Runs on a virtual thread. At most two pieces of a response are in memory: one on
 * its way while the next is read.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends in channelInactive.
final class BodyPump {
  /** What is read in one call. */
  private static final int PIECE_BYTES = 128 << 10;

  /** The same where a connection has up to a hundred streams. */
  private static final int STREAM_PIECE_BYTES = 64 << 10;

  /** What is written in one message, so that a slow reader's progress is seen. */
  private static final int WRITE_BYTES = 32 << 10;

  /** The client has gone, or takes nothing. */
  static final class GoneException extends RuntimeException {
    private static final long serialVersionUID = 1;

    GoneException(String message) {
      super(message, null, false, false);
    }
  }

  private final Channel channel;
  private final InFlightBudget budget;
  private final int largePieceBytes;
  private final long stallNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();
  private int inFlightBytes;
  private long takenBytes;
  private boolean failed;

  BodyPump(Channel channel, InFlightBudget budget, Duration stallTime) {
    this.channel = channel;
    this.budget = budget;
    this.largePieceBytes = channel instanceof Http2StreamChannel ? STREAM_PIECE_BYTES : PIECE_BYTES;
    this.stallNanos = stallTime.toNanos();
  }

  /**
   * Writes a part of a body. What was written last may still be on its way: {@link #awaitTaken}.
   *
   * @throws GoneException if the client has not taken it
   * @throws dev.sluice.origin.failure.Failure if the body cannot be read
   */
  void pump(Body body, ByteRange part) {
    long at = part.offsetBytes();
    while (at < part.endBytes()) {
      int pieceBytes = budget.pieceBytes(largePieceBytes);
      int length = (int) Math.min(pieceBytes, part.endBytes() - at);
      awaitInFlightAtMost(pieceBytes);
      ByteBuf piece = channel.alloc().directBuffer(length, length);
      try {
        ByteBuffer out = piece.nioBuffer(0, length);
        body.read(at, out);
        if (out.hasRemaining()) {
          throw new IllegalStateException(
              "body: %d bytes missing of a piece of %d".formatted(out.remaining(), length));
        }
        piece.writerIndex(length);
        write(piece);
      } finally {
        piece.release();
      }
      at += length;
    }
  }

  /**
   * Waits until the socket has taken all.
   *
   * @throws GoneException if the client has not taken it
   */
  void awaitTaken() {
    awaitInFlightAtMost(0);
  }

  /** How many bytes the socket has taken. */
  long takenBytes() {
    lock.lock();
    try {
      return takenBytes;
    } finally {
      lock.unlock();
    }
  }

  private void write(ByteBuf piece) {
    for (int at = 0; at < piece.writerIndex(); at += WRITE_BYTES) {
      int length = Math.min(WRITE_BYTES, piece.writerIndex() - at);
      budget.add(length);
      lock.lock();
      try {
        inFlightBytes += length;
      } finally {
        lock.unlock();
      }
      channel
          .write(new DefaultHttpContent(piece.retainedSlice(at, length)))
          .addListener(future -> written(future, length));
    }
    channel.flush();
  }

  private void written(Future<?> future, int length) {
    budget.add(-length);
    lock.lock();
    try {
      inFlightBytes -= length;
      if (future.isSuccess()) {
        takenBytes += length;
      } else {
        failed = true;
      }
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitInFlightAtMost(int bytes) {
    lock.lock();
    try {
      while (inFlightBytes > bytes && !failed) {
        long before = takenBytes;
        if (progress.awaitNanos(stallNanos) <= 0 && takenBytes == before) {
          throw new GoneException("the client takes nothing");
        }
      }
      // With nothing on its way, an end of the channel is its regular one.
      if (failed || (inFlightBytes > 0 && !channel.isActive())) {
        throw new GoneException("the client has gone");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GoneException("interrupted");
    } finally {
      lock.unlock();
    }
  }
}
