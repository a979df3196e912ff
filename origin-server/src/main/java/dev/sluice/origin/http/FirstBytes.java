package dev.sluice.origin.http;

import dev.sluice.origin.failure.FailureCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/**
 * Tells a client that speaks TLS to the plain port, or plain HTTP to the TLS port, what is wrong.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends in channelInactive.
final class FirstBytes extends ChannelInboundHandlerAdapter {
  /** The content type of a TLS handshake record. Spec: RFC 8446 5.1. */
  private static final int HANDSHAKE = 22;

  /** A fatal alert, protocol_version: what a TLS client understands. Spec: RFC 8446 6. */
  private static final byte[] ALERT = {21, 3, 1, 0, 2, 2, 70};

  private final boolean tls;

  FirstBytes(boolean tls) {
    this.tls = tls;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
      ctx.fireChannelRead(message);
      return;
    }
    boolean handshake = bytes.getUnsignedByte(bytes.readerIndex()) == HANDSHAKE;
    if (handshake == tls) {
      ctx.fireChannelRead(message);
      ctx.pipeline().remove(this);
      return;
    }
    ReferenceCountUtil.release(message);
    byte[] answer = tls ? plainAnswer() : ALERT;
    // Straight to the socket: no handler in front of us encrypts or encodes.
    ctx.writeAndFlush(Unpooled.wrappedBuffer(answer)).addListener(ChannelFutureListener.CLOSE);
  }

  private static byte[] plainAnswer() {
    byte[] problem =
        Problem.render(FailureCode.BAD_REQUEST, "scheme: http (expected: https on this port)");
    String head =
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(Problem.CONTENT_TYPE, problem.length);
    byte[] headBytes = head.getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[headBytes.length + problem.length];
    System.arraycopy(headBytes, 0, all, 0, headBytes.length);
    System.arraycopy(problem, 0, all, headBytes.length, problem.length);
    return all;
  }
}
