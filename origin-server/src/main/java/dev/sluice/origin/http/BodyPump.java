package dev.sluice.origin.http;

import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.ByteRange;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Moves a body to a channel, pulled by the socket: a piece is read only when what was written
 * before has left. Runs on a virtual thread. At most {@value #MAX_IN_FLIGHT_BYTES} bytes of a
 * response are in memory.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends in channelInactive.
final class BodyPump {
  /** What is read in one call. */
  static final int PIECE_BYTES = 128 << 10;

  /** Two pieces: one on its way while the next is read. */
  static final int MAX_IN_FLIGHT_BYTES = 2 * PIECE_BYTES;

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
  private final long stallNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();
  private int inFlightBytes;
  private long takenBytes;
  private boolean failed;

  BodyPump(Channel channel, Duration stallTime) {
    this.channel = channel;
    this.stallNanos = stallTime.toNanos();
  }

  /**
   * Writes a part of a body, and waits until the socket has taken it.
   *
   * @throws GoneException if the client has not taken it
   * @throws dev.sluice.origin.failure.Failure if the body cannot be read
   */
  void pump(Body body, ByteRange part) {
    long at = part.offsetBytes();
    while (at < part.endBytes()) {
      int length = (int) Math.min(PIECE_BYTES, part.endBytes() - at);
      awaitInFlightAtMost(MAX_IN_FLIGHT_BYTES - length);
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
      if (failed || !channel.isActive()) {
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
