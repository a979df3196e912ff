package dev.sluice.origin.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the waits of an HTTP/1 connection: for a request's first byte, and from there to the end
 * of its head however slowly its bytes drip. Stands before the decoder.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends in channelInactive.
final class HeadDeadline extends ChannelInboundHandlerAdapter {
  private enum Waiting {
    FOR_FIRST_BYTE,
    FOR_HEAD,
    FOR_ANSWER
  }

  private final HttpLimits limits;
  private Waiting waiting = Waiting.FOR_ANSWER;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ScheduledFuture<?> timer;

  HeadDeadline(HttpLimits limits) {
    this.limits = limits;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    // The first byte of a connection has no longer than a head.
    arm(ctx, Waiting.FOR_FIRST_BYTE, limits.headTime());
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

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (waiting == Waiting.FOR_FIRST_BYTE) {
      arm(ctx, Waiting.FOR_HEAD, limits.headTime());
    }
    ctx.fireChannelRead(message);
  }

  /** A head is complete: nothing is waited for here until the answer has gone out. */
  void headComplete() {
    cancel();
    waiting = Waiting.FOR_ANSWER;
  }

  /** The answer has gone out. */
  void answered() {
    ChannelHandlerContext ctx = context;
    if (ctx != null && waiting == Waiting.FOR_ANSWER) {
      arm(ctx, Waiting.FOR_FIRST_BYTE, limits.idleTime());
    }
  }

  private void arm(ChannelHandlerContext ctx, Waiting next, Duration time) {
    cancel();
    waiting = next;
    timer = ctx.executor().schedule(() -> expired(ctx), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void expired(ChannelHandlerContext ctx) {
    if (waiting == Waiting.FOR_HEAD) {
      ctx.fireUserEventTriggered(ConnectionEvent.HEAD_TOO_SLOW);
    } else {
      ctx.close();
    }
  }

  private void cancel() {
    ScheduledFuture<?> current = timer;
    if (current != null) {
      current.cancel(false);
      timer = null;
    }
  }
}
