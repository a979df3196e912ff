package dev.sluice.origin.http;

import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.ByteRange;
import dev.sluice.origin.media.FileBytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.DefaultFileRegion;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Moves a part of a body to a channel, pulled by the socket: a piece is made when the one before
 * has been taken, and no sooner. It is made on the channel's event loop where its bytes are in
 * memory; where they must be waited for, a virtual thread makes it.
 *
 * <pre>
 *   turn -> piece made -> written -> taken at once -> turn           a fast reader: larger pieces
 *                                 -> taken later   -> turn           a slow one: smaller pieces
 *        -> not in memory -> made on a thread -> written ...
 * </pre>
 *
 * <p>So an answer holds one piece at a time, and a small one where its reader is slow. Confined to
 * the loop, but for the reading of a piece on a thread, during which nothing else reads the body.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends in channelInactive.
final class BodyPump {
  /** Where a connection has up to a hundred streams, or pieces of several answers lie in cache. */
  private static final int MAX_SHARED_PIECE_BYTES = 64 << 10;

  /** What is sent from a file in one go. */
  private static final int FILE_PIECE_BYTES = 1 << 20;

  /** The end of a part is never sent from a file: only what was read is known to be right. */
  private static final int FILE_REST_BYTES = 16 << 10;

  /** What is written in one message to a stream, so that a slow reader's progress is seen. */
  private static final int STREAM_WRITE_BYTES = 32 << 10;

  /** Buffers that are worked on together do not begin at the same place of a page. */
  private static final int STAGGER_BYTES = 5 * 64;

  private static final int LOOKS_IN_STALL_TIME = 4;

  /** Told how it ended, once, on the loop. */
  interface End {
    /**
     * It has ended.
     *
     * @param failure why the body could not be read; absent too where the client has gone
     */
    void ended(boolean complete, Optional<RuntimeException> failure);
  }

  private final Channel channel;
  private final PieceTurn turn;
  private final InFlightBudget budget;
  private final Body body;
  private final long endBytes;
  private final End end;
  private final boolean sendsFiles;
  private final long stallNanos;
  private final int maxPieceBytes;
  private final PieceSize size;

  private long position;
  private int inFlightBytes;
  private long takenBytes;
  private boolean writing;
  private boolean endInFlight;
  private boolean ended;
  private boolean failed;
  private @Nullable ByteBuf begun;
  private @Nullable FileBytes sent;
  private @Nullable ScheduledFuture<?> stallTimer;
  private long progressMark;
  private long progressNanos;

  /**
   * A pump of this part of a body, which it borrows until it has ended.
   *
   * @param sendsFiles whether the channel takes bytes from files as they are
   */
  BodyPump(
      Channel channel,
      PieceTurn turn,
      InFlightBudget budget,
      Body body,
      ByteRange part,
      boolean sendsFiles,
      Duration stallTime,
      End end) {
    this.channel = channel;
    this.turn = turn;
    this.budget = budget;
    this.body = body;
    this.position = part.offsetBytes();
    this.endBytes = part.endBytes();
    this.sendsFiles = sendsFiles;
    this.stallNanos = stallTime.toNanos();
    this.end = end;
    this.maxPieceBytes =
        channel instanceof Http2StreamChannel || body.together().isPresent()
            ? MAX_SHARED_PIECE_BYTES
            : Integer.MAX_VALUE;
    this.size = PieceSize.of(channel);
  }

  /** Begins. The head has been written, and is not flushed. */
  void start() {
    if (position == endBytes) {
      writeEnd();
    } else if (together().isPresent()) {
      turn.add(this);
    } else {
      makePiece();
    }
  }

  /**
   * Ends an answer that is a head alone. It too has to be taken before the next is made: else a
   * client that asks and never reads has them all in memory.
   */
  private void writeEnd() {
    writing = true;
    endInFlight = true;
    channel
        .writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
        .addListener(future -> {
          endInFlight = false;
          taken(future, 0);
        });
    writing = false;
    if (endInFlight) {
      watchForStall();
    } else {
      next();
    }
  }

  /** What makes pieces of this body together with those of others. */
  Optional<Body.Together> together() {
    return body.together();
  }

  /** How many bytes the socket has taken. */
  long takenBytes() {
    return takenBytes;
  }

  /** Makes the next piece and writes it. */
  void makePiece() {
    if (sendFile()) {
      return;
    }
    beginPiece(0)
        .ifPresent(piece -> {
          try {
            if (body.readNow(piece.positionBytes(), piece.out())) {
              piece.succeed();
            }
          } catch (Throwable e) {
            piece.fail(asException(e));
          }
          endPiece(piece);
        });
  }

  /**
   * Makes room for the next piece.
   *
   * @param slot which of the pieces it is that are made together
   * @return empty where none is wanted any more
   */
  Optional<Body.Piece> beginPiece(int slot) {
    if (isOver()) {
      return Optional.empty();
    }
    int wanted = budget.pieceBytes(Math.min(size.bytes(), maxPieceBytes));
    int length = (int) Math.min(wanted, endBytes - position);
    int offset = slot * STAGGER_BYTES;
    ByteBuf piece;
    try {
      piece = channel.alloc().directBuffer(offset + length, offset + length);
    } catch (OutOfMemoryError e) {
      // Netty's own bound. The others of the turn go on.
      giveUp(asException(e));
      return Optional.empty();
    }
    begun = piece;
    return Optional.of(new Body.Piece(body, position, piece.nioBuffer(offset, length)));
  }

  /** Writes what was begun, or has it made by a thread that may wait. */
  void endPiece(Body.Piece piece) {
    try {
      if (piece.isRead()) {
        write(takeBegun(piece));
      } else {
        readOnThread(piece);
      }
    } catch (RuntimeException e) {
      giveUp(e);
    }
  }

  private ByteBuf takeBegun(Body.Piece piece) {
    ByteBuf made = begun;
    if (made == null || piece.out().hasRemaining()) {
      throw new IllegalStateException(
          "body: %d bytes missing of a piece".formatted(piece.out().remaining()));
    }
    begun = null;
    int length = piece.out().position();
    return made.setIndex(made.capacity() - length, made.capacity());
  }

  private void readOnThread(Body.Piece piece) {
    Thread.ofVirtual()
        .name("piece")
        .start(() -> {
          try {
            body.read(piece.positionBytes(), piece.out());
            piece.succeed();
          } catch (Throwable e) {
            piece.fail(asException(e));
          }
          try {
            channel.eventLoop().execute(() -> endReadOnThread(piece));
          } catch (RejectedExecutionException stopped) {
            // The server has been closed, and its loops with it: nobody else is left here.
            end(/* complete= */ false, Optional.empty());
          }
        });
  }

  private void endReadOnThread(Body.Piece piece) {
    if (isOver()) {
      releaseBegun();
    } else {
      endPiece(piece);
    }
  }

  /** An error ends the answer that it met, like any other failure: nobody else would end it. */
  static RuntimeException asException(Throwable e) {
    return e instanceof RuntimeException exception
        ? exception
        : new IllegalStateException("a piece could not be made", e);
  }

  private void write(ByteBuf piece) {
    int length = piece.readableBytes();
    position += length;
    writing = true;
    if (channel instanceof Http2StreamChannel) {
      for (int at = 0; at < length; at += STREAM_WRITE_BYTES) {
        int part = Math.min(STREAM_WRITE_BYTES, length - at);
        write(piece.retainedSlice(piece.readerIndex() + at, part), part);
      }
      piece.release();
    } else {
      write(piece, length);
    }
    flush();
  }

  private void write(ByteBuf bytes, int length) {
    budget.add(length);
    inFlightBytes += length;
    channel
        .write(new DefaultHttpContent(bytes))
        .addListener(future -> {
          budget.add(-length);
          taken(future, length);
        });
  }

  /** Sends bytes from a file, where there are some at hand. */
  private boolean sendFile() {
    // The first piece goes out with the head, so it is read.
    if (!sendsFiles || isOver() || takenBytes == 0) {
      return false;
    }
    Optional<FileBytes> bytes;
    int length;
    try {
      bytes = body.fileBytes(position);
      if (bytes.isEmpty()) {
        return false;
      }
      long left = Math.min(bytes.get().lengthBytes(), endBytes - FILE_REST_BYTES - position);
      length = (int) Math.min(left, FILE_PIECE_BYTES);
      if (length < FILE_REST_BYTES || !bytes.get().isAtHand(0, length)) {
        return false;
      }
    } catch (RuntimeException e) {
      giveUp(e);
      return true;
    }
    sent = bytes.get();
    position += length;
    writing = true;
    inFlightBytes += length;
    channel
        .write(new SharedRegion(bytes.get().file(), bytes.get().offsetBytes(), length))
        .addListener(future -> taken(future, length));
    flush();
    return true;
  }

  private void flush() {
    if (position == endBytes) {
      // The end at once: a client that has all the bytes may hang up without waiting for it.
      channel.write(LastHttpContent.EMPTY_LAST_CONTENT);
    }
    int written = inFlightBytes;
    channel.flush();
    writing = false;
    if (inFlightBytes == 0) {
      size.takenAtOnce(written);
      next();
    } else {
      size.waits();
      watchForStall();
    }
  }

  /** The socket has taken a message, or will not. */
  private void taken(Future<?> future, int length) {
    inFlightBytes -= length;
    if (future.isSuccess()) {
      takenBytes += length;
    } else {
      failed = true;
    }
    if (inFlightBytes == 0 && !writing) {
      next();
    }
  }

  private void next() {
    if (ended) {
      return;
    }
    FileBytes file = sent;
    sent = null;
    if (file != null && !failed) {
      try {
        file.requireUnchanged();
      } catch (RuntimeException e) {
        giveUp(e);
        return;
      }
    }
    if (failed) {
      end(/* complete= */ false, Optional.empty());
    } else if (position == endBytes) {
      end(/* complete= */ true, Optional.empty());
    } else {
      turn.add(this);
    }
  }

  /** Whether no piece is wanted any more; if the client has gone, that is the end. */
  private boolean isOver() {
    if (!ended && !channel.isActive()) {
      end(/* complete= */ false, Optional.empty());
    }
    return ended;
  }

  private void watchForStall() {
    if (stallTimer == null && !ended) {
      progressMark = progress();
      progressNanos = System.nanoTime();
      lookForStallLater();
    }
  }

  private void lookForStallLater() {
    stallTimer =
        channel
            .eventLoop()
            .schedule(this::lookForStall, stallNanos / LOOKS_IN_STALL_TIME, TimeUnit.NANOSECONDS);
  }

  private void lookForStall() {
    stallTimer = null;
    if (ended) {
      return;
    }
    long now = System.nanoTime();
    long mark = progress();
    if (mark != progressMark || (inFlightBytes == 0 && !endInFlight)) {
      progressMark = mark;
      progressNanos = now;
    } else if (now - progressNanos >= stallNanos) {
      // The client takes nothing.
      end(/* complete= */ false, Optional.empty());
      return;
    }
    lookForStallLater();
  }

  /** Differs from what it was when the socket has taken anything. */
  private long progress() {
    ChannelOutboundBuffer buffer =
        channel instanceof Http2StreamChannel ? null : channel.unsafe().outboundBuffer();
    return buffer == null
        ? takenBytes
        : takenBytes * 31 + buffer.currentProgress() - buffer.totalPendingWriteBytes();
  }

  private void giveUp(RuntimeException e) {
    end(/* complete= */ false, Optional.of(e));
  }

  private void end(boolean complete, Optional<RuntimeException> failure) {
    if (ended) {
      return;
    }
    ended = true;
    ScheduledFuture<?> timer = stallTimer;
    if (timer != null) {
      timer.cancel(false);
      stallTimer = null;
    }
    releaseBegun();
    end.ended(complete, failure);
  }

  private void releaseBegun() {
    ByteBuf left = begun;
    begun = null;
    if (left != null) {
      left.release();
    }
  }

  /** A part of a file that is not closed with it, since others read it. */
  private static final class SharedRegion extends DefaultFileRegion {
    SharedRegion(FileChannel file, long offsetBytes, long lengthBytes) {
      super(file, offsetBytes, lengthBytes);
    }

    @Override
    protected void deallocate() {
      // The body closes the file.
    }
  }
}
