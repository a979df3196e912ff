package dev.sluice.origin.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.Optional;

/** Sets up each connection: limits, TLS, and the protocol that was negotiated. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends in channelInactive.
final class ConnectionInitializer extends ChannelInitializer<SocketChannel> {
  private static final int MAX_STREAMS = 100;
  private static final int RST_WINDOW_SECONDS = 10;
  private static final int MAX_RST_IN_WINDOW = 200;
  private static final int MAX_QUEUED_CONTROL_FRAMES = 1_000;
  private static final int MAX_EMPTY_DATA_FRAMES = 2;
  private static final int MAX_SMALL_CONTINUATION_FRAMES = 16;

  private final Responder responder;
  private final ConnectionLimits connections;
  private final Optional<SslContext> tls;

  ConnectionInitializer(
      Responder responder, ConnectionLimits connections, Optional<SslContext> tls) {
    this.responder = responder;
    this.connections = connections;
    this.tls = tls;
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    if (!connections.admit(channel)) {
      channel.close();
      return;
    }
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(new FirstBytes(tls.isPresent()));
    if (tls.isEmpty()) {
      http1(pipeline, /* secure= */ false);
      return;
    }
    SslHandler handler = tls.get().newHandler(channel.alloc());
    handler.setHandshakeTimeoutMillis(responder.limits().headTime().toMillis());
    pipeline.addLast(handler, new Negotiation());
  }

  private void http1(ChannelPipeline pipeline, boolean secure) {
    var deadline = new HeadDeadline(responder.limits());
    pipeline.addLast(
        deadline,
        new StrictRequestDecoder(responder.limits()),
        new HttpResponseEncoder(),
        ExchangeHandler.ofConnection(responder, secure, deadline));
  }

  private void http2(ChannelPipeline pipeline) {
    var codec =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .maxConcurrentStreams(MAX_STREAMS)
                    .maxHeaderListSize(responder.limits().headerBytes()))
            .validateHeaders(true)
            .encoderEnforceMaxQueuedControlFrames(MAX_QUEUED_CONTROL_FRAMES)
            .decoderEnforceMaxConsecutiveEmptyDataFrames(MAX_EMPTY_DATA_FRAMES)
            .decoderEnforceMaxRstFramesPerWindow(MAX_RST_IN_WINDOW, RST_WINDOW_SECONDS)
            .encoderEnforceMaxRstFramesPerWindow(MAX_RST_IN_WINDOW, RST_WINDOW_SECONDS)
            .decoderEnforceMaxSmallContinuationFrames(MAX_SMALL_CONTINUATION_FRAMES)
            .build();
    pipeline.addLast(
        new UnreadOutput(responder.limits().stallTime()),
        codec,
        new StreamIdle(codec.connection(), responder.limits().idleTime()),
        new Http2MultiplexHandler(new StreamInitializer()),
        new QuietEnd());
  }

  /** A connection that broke, such as one that the client reset, is closed and nothing is said. */
  private static final class QuietEnd extends ChannelInboundHandlerAdapter {
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // It ends in channelInactive.
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  private final class StreamInitializer extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel stream) {
      stream
          .pipeline()
          .addLast(
              new Http2StreamFrameToHttpObjectCodec(/* isServer= */ true),
              ExchangeHandler.ofStream(responder));
    }
  }

  /** Chooses by ALPN; a client that names nothing speaks HTTP/1.1. */
  private final class Negotiation extends ApplicationProtocolNegotiationHandler {
    Negotiation() {
      super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        http2(ctx.pipeline());
      } else {
        http1(ctx.pipeline(), /* secure= */ true);
      }
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
