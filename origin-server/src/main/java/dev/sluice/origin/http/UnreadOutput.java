package dev.sluice.origin.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what an HTTP/2 connection holds for a client that does not read it: no more requests are
 * read while much waits to be sent, and a connection of which nothing is taken for the stall time
 * is closed. Its streams end by themselves, but what they say of it cannot be sent either. Stands
 * before the codec.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends in channelInactive.
final class UnreadOutput extends ChannelInboundHandlerAdapter {
  private static final int LOOKS_IN_STALL_TIME = 4;

  private final long stallNanos;
  private @Nullable ScheduledFuture<?> timer;
  private int firstMessage;
  private long firstProgressBytes;
  private long pendingBytes;
  private long progressNanos;

  UnreadOutput(Duration stallTime) {
    this.stallNanos = stallTime.toNanos();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    progressNanos = System.nanoTime();
    lookLater(ctx);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!ctx.channel().isWritable()) {
      ctx.channel().config().setAutoRead(false);
    }
    ctx.fireChannelReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      ctx.channel().config().setAutoRead(true);
    }
    ctx.fireChannelWritabilityChanged();
  }

  private void lookLater(ChannelHandlerContext ctx) {
    timer =
        ctx.executor()
            .schedule(() -> look(ctx), stallNanos / LOOKS_IN_STALL_TIME, TimeUnit.NANOSECONDS);
  }

  private void look(ChannelHandlerContext ctx) {
    ChannelOutboundBuffer buffer = ctx.channel().unsafe().outboundBuffer();
    if (buffer == null) {
      return;
    }
    // What is added behind is no progress: the first message is, when it is another or shorter.
    int message = System.identityHashCode(buffer.current());
    long progressBytes = buffer.currentProgress();
    long pending = buffer.totalPendingWriteBytes();
    long now = System.nanoTime();
    if (buffer.current() == null
        || message != firstMessage
        || progressBytes != firstProgressBytes
        || pending < pendingBytes) {
      progressNanos = now;
    } else if (now - progressNanos >= stallNanos) {
      ctx.close();
      return;
    }
    firstMessage = message;
    firstProgressBytes = progressBytes;
    pendingBytes = pending;
    lookLater(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    cancel();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    cancel();
    ctx.fireChannelInactive();
  }

  private void cancel() {
    ScheduledFuture<?> current = timer;
    if (current != null) {
      current.cancel(false);
      timer = null;
    }
  }
}
