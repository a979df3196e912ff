package dev.sluice.origin.http;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Bytes;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Collects requests and hands each to the {@link Responder}, one at a time: what follows a request
 * on a connection waits until the answer has gone out. One instance an HTTP/1 connection, or an
 * HTTP/2 stream.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends in channelInactive.
final class ExchangeHandler extends ChannelInboundHandlerAdapter {
  private static final long LINGER_MS = 1_000;

  /** How many messages of requests that follow wait in memory before no more are read. */
  private static final int MAX_WAITING = 16;

  private enum State {
    HEAD,
    BODY,
    ANSWERING,
    CLOSING
  }

  private final Responder responder;
  private final boolean secure;
  private final @Nullable HeadDeadline deadline;
  private final Queue<Object> waiting = new ArrayDeque<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private State state = State.HEAD;
  private boolean lastRequest;
  private boolean inputEnded;
  private boolean requestEnded;
  private long startNanos;
  private @Nullable HttpRequest request;
  private @Nullable ScheduledFuture<?> bodyTimer;

  private ExchangeHandler(Responder responder, boolean secure, @Nullable HeadDeadline deadline) {
    this.responder = responder;
    this.secure = secure;
    this.deadline = deadline;
  }

  static ExchangeHandler ofConnection(Responder responder, boolean secure, HeadDeadline deadline) {
    return new ExchangeHandler(responder, secure, deadline);
  }

  static ExchangeHandler ofStream(Responder responder) {
    return new ExchangeHandler(responder, /* secure= */ true, /* deadline= */ null);
  }

  private boolean isHttp1() {
    return deadline != null;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (state == State.ANSWERING) {
      waiting.add(message);
      if (waiting.size() >= MAX_WAITING && isHttp1()) {
        ctx.channel().config().setAutoRead(false);
      }
    } else {
      read(ctx, message);
    }
  }

  private void read(ChannelHandlerContext ctx, Object message) {
    try {
      if (state == State.CLOSING) {
        return;
      }
      requestEnded = message instanceof LastHttpContent;
      if (message instanceof HttpRequest head && state == State.HEAD) {
        begin(ctx, head);
      }
      if (message instanceof HttpContent content && state == State.BODY) {
        append(content);
        if (content instanceof LastHttpContent) {
          dispatch(ctx);
        }
      } else if (message instanceof HttpObject other) {
        RequestCheck.requireDecoded(other);
      }
    } catch (CallerFailure failure) {
      refuse(ctx, failure);
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest head) {
    startNanos = System.nanoTime();
    if (deadline != null) {
      deadline.headComplete();
    }
    request = head;
    RequestCheck.requireSound(head, responder.limits(), isHttp1());
    state = State.BODY;
    body.reset();
    if (HttpUtil.is100ContinueExpected(head)) {
      ctx.writeAndFlush(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
  }

  /** A body that does not come with its head has a time limit of its own. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (state == State.BODY && bodyTimer == null) {
      bodyTimer =
          ctx.executor()
              .schedule(
                  () -> refuse(ctx, tooSlow("body")),
                  responder.limits().headTime().toMillis(),
                  TimeUnit.MILLISECONDS);
    }
    ctx.fireChannelReadComplete();
  }

  private void append(HttpContent content) {
    RequestCheck.requireDecoded(content);
    int length = content.content().readableBytes();
    if (length > responder.limits().bodyBytes() - body.size()) {
      throw RequestCheck.tooLarge(responder.limits());
    }
    byte[] bytes = new byte[length];
    content.content().readBytes(bytes);
    body.writeBytes(bytes);
  }

  private void dispatch(ChannelHandlerContext ctx) {
    HttpRequest head = request;
    if (head == null) {
      return;
    }
    String target = RequestTarget.originForm(head);
    Optional<InetAddress> peer = CallerReader.address(peer(ctx.channel()));
    Exchange exchange =
        new Exchange(
            head.method().name(),
            target,
            head.headers(),
            Bytes.copyOf(body.toByteArray()),
            CallerReader.read(head.headers(), target, secure, peer, responder.cdnPrefetch()),
            peer,
            isHttp1() ? head.protocolVersion().text() : "HTTP/2",
            responder.endpoint(target),
            startNanos);
    cancelBodyTimer();
    if (deadline != null) {
      deadline.requestComplete();
    }
    state = State.ANSWERING;
    request = null;
    if (isHttp1()) {
      lastRequest |=
          !HttpUtil.isKeepAlive(head) || head.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }
    responder.answer(
        ctx.channel(),
        exchange,
        !lastRequest,
        complete -> ctx.executor().execute(() -> answered(ctx, complete)));
  }

  private static SocketAddress peer(Channel channel) {
    Channel parent = channel.parent();
    return channel instanceof Http2StreamChannel && parent != null
        ? parent.remoteAddress()
        : channel.remoteAddress();
  }

  private void answered(ChannelHandlerContext ctx, boolean complete) {
    if (!isHttp1()) {
      if (!complete) {
        ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR))
            .addListener(ChannelFutureListener.CLOSE);
      }
      state = State.CLOSING;
      return;
    }
    if (!complete) {
      state = State.CLOSING;
      ctx.close();
      return;
    }
    if (lastRequest || (inputEnded && waiting.isEmpty())) {
      closeAfterFlush(ctx);
      return;
    }
    state = State.HEAD;
    if (deadline != null) {
      deadline.answered();
    }
    Object next;
    while (state != State.ANSWERING && (next = waiting.poll()) != null) {
      read(ctx, next);
    }
    if (state != State.ANSWERING) {
      if (inputEnded) {
        closeAfterFlush(ctx);
      }
      ctx.channel().config().setAutoRead(true);
    }
  }

  private void refuse(ChannelHandlerContext ctx, CallerFailure failure) {
    cancelBodyTimer();
    if (state == State.CLOSING || state == State.ANSWERING) {
      return;
    }
    HttpRequest head = request;
    boolean headOnly = head != null && head.method().equals(HttpMethod.HEAD);
    ResponsePlan plan = FailurePlanner.plan(failure.code(), failure.detail());
    plan.headers().put("access-control-allow-origin", "*");
    byte[] bytes = Problem.render(failure.code(), failure.detail());
    ctx.write(Responder.head(failure.code().status(), plan.headers(), bytes.length, !isHttp1()));
    if (!headOnly) {
      ctx.write(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
    }
    var last = ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    plan.close();
    responder.refused(
        head == null ? "" : head.method().name(),
        failure.code().status(),
        isHttp1(),
        head == null ? 0 : startNanos);
    if (isHttp1()) {
      closeAfterFlush(ctx);
    } else {
      state = State.CLOSING;
      last.addListener(_ -> stopReading(ctx));
    }
  }

  /**
   * Ends a stream whose answer is complete. Where the client has not finished sending, it is told
   * to stop without an error, or it would throw the answer away. Spec: RFC 9113 8.1.
   */
  private void stopReading(ChannelHandlerContext ctx) {
    if (requestEnded) {
      ctx.close();
    } else {
      ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** Closes so that the client still reads the answer, though it may go on sending for a while. */
  private void closeAfterFlush(ChannelHandlerContext ctx) {
    state = State.CLOSING;
    Channel channel = ctx.channel();
    if (channel instanceof DuplexChannel duplex
        && channel.pipeline().get(SslHandler.class) == null) {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> duplex.shutdownOutput());
      channel.config().setAutoRead(true);
      ctx.executor().schedule(() -> ctx.close(), LINGER_MS, TimeUnit.MILLISECONDS);
    } else {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ConnectionEvent.HEAD_TOO_SLOW) {
      refuse(ctx, tooSlow("head"));
    } else if (event == ConnectionEvent.DRAIN || event instanceof ChannelInputShutdownEvent) {
      lastRequest |= event == ConnectionEvent.DRAIN;
      inputEnded |= event != ConnectionEvent.DRAIN;
      if (state != State.ANSWERING) {
        ctx.close();
      }
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  private static CallerFailure tooSlow(String part) {
    return new CallerFailure(FailureCode.REQUEST_TIMEOUT, part + ": not complete in time");
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    cancelBodyTimer();
    state = State.CLOSING;
    Object left;
    while ((left = waiting.poll()) != null) {
      ReferenceCountUtil.release(left);
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  private void cancelBodyTimer() {
    ScheduledFuture<?> timer = bodyTimer;
    if (timer != null) {
      timer.cancel(false);
      bodyTimer = null;
    }
  }
}
