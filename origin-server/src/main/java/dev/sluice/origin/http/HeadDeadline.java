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
  private long deadlineNanos;
  private boolean nextBegun;
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
    nextBegun |= waiting == Waiting.FOR_ANSWER;
    ctx.fireChannelRead(message);
  }

  /** A head is complete: nothing is waited for here until the answer has gone out. */
  void headComplete() {
    waiting = Waiting.FOR_ANSWER;
    nextBegun = false;
  }

  /** The body has come too: what comes from now on is of the next request. */
  void requestComplete() {
    nextBegun = false;
  }

  /** The answer has gone out. */
  void answered() {
    ChannelHandlerContext ctx = context;
    if (ctx == null || waiting != Waiting.FOR_ANSWER) {
      return;
    }
    if (nextBegun) {
      arm(ctx, Waiting.FOR_HEAD, limits.headTime());
    } else {
      arm(ctx, Waiting.FOR_FIRST_BYTE, limits.idleTime());
    }
  }

  private void arm(ChannelHandlerContext ctx, Waiting next, Duration time) {
    waiting = next;
    deadlineNanos = System.nanoTime() + time.toNanos();
    if (timer == null) {
      look(ctx, time.toNanos());
    }
  }

  /**
   * Looks again after this time, or after that of a head, which may begin in between. So a timer is
   * set once in a while, and not for each request.
   */
  private void look(ChannelHandlerContext ctx, long nanos) {
    timer =
        ctx.executor()
            .schedule(
                () -> look(ctx),
                Math.min(nanos, limits.headTime().toNanos()),
                TimeUnit.NANOSECONDS);
  }

  private void look(ChannelHandlerContext ctx) {
    timer = null;
    long left = deadlineNanos - System.nanoTime();
    if (waiting == Waiting.FOR_ANSWER) {
      look(ctx, limits.headTime().toNanos());
    } else if (left > 0) {
      look(ctx, left);
    } else if (waiting == Waiting.FOR_HEAD) {
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
