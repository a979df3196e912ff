package dev.sluice.origin.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Closes an HTTP/2 connection on which nothing moves and no stream is open. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends in channelInactive.
final class StreamIdle extends IdleStateHandler {
  private final Http2Connection connection;

  StreamIdle(Http2Connection connection, Duration idleTime) {
    super(0, 0, idleTime.toMillis(), TimeUnit.MILLISECONDS);
    this.connection = connection;
  }

  @Override
  protected void channelIdle(ChannelHandlerContext ctx, IdleStateEvent event) {
    if (connection.numActiveStreams() == 0) {
      ctx.close();
    }
  }
}
