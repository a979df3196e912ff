package dev.sluice.origin.http;

import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.OriginRequest;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** An origin of made-up bytes: {@code /a/{n}.bytes} has n bytes, others misbehave by name. */
final class TestOrigin implements RequestHandler, AutoCloseable {
  static final HttpLimits LIMITS =
      new HttpLimits(
          16 << 10,
          32 << 10,
          64 << 10,
          Duration.ofMillis(1_500),
          Duration.ofSeconds(20),
          Duration.ofSeconds(2),
          1_000,
          20,
          100);

  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  final AtomicLong readBytes = new AtomicLong();
  final CountDownLatch hold = new CountDownLatch(1);
  final HttpServer server;

  TestOrigin(Optional<SslContext> tls) throws IOException {
    this(tls, Edge.OPEN);
  }

  TestOrigin(Optional<SslContext> tls, Edge edge) throws IOException {
    server =
        HttpServer.start(
            new HttpSettings(
                List.of("127.0.0.1"),
                0,
                tls.isPresent() ? 0 : -1,
                tls,
                LIMITS,
                10,
                100,
                List.of(),
                edge),
            new OriginEndpoints(this, edge.crossSite()),
            HttpMetrics.NONE,
            AccessLog.NONE);
  }

  TestOrigin() throws IOException {
    this(Optional.empty());
  }

  @Override
  public Answer answer(OriginRequest request, Caller caller) {
    return switch (request) {
      case OriginRequest.Download file -> download(file.file());
      case OriginRequest.KeyDelivery key ->
          Answer.noStore("application/octet-stream", key.body().toArray());
      case OriginRequest.Videos videos ->
          new Answer(
              200,
              "application/json",
              Optional.of("\"m1\""),
              Answer.Cache.MANIFEST,
              true,
              Map.of(),
              () -> counted(2_000, -1));
      case OriginRequest.Player player -> throw new IllegalStateException("secret detail");
      case OriginRequest.MediaSegment segment ->
          new Answer(
              200,
              "video/mp4",
              Optional.of("\"s1\""),
              Answer.Cache.SEGMENT,
              false,
              Map.of(Answer.PREFETCH_PATH, "Fragments(video=" + (segment.time() + 1) + ")"),
              () -> counted(100, -1));
      case OriginRequest.MediaPlaylist playlist ->
          new Answer(
              200,
              "application/vnd.apple.mpegurl",
              Optional.of("\"p1\""),
              Answer.Cache.MANIFEST,
              true,
              Map.of(),
              () -> counted(2_000, -1));
      case OriginRequest.Manifest manifest ->
          Answer.noStore("text/plain", caller.toString().getBytes(StandardCharsets.UTF_8));
      default -> throw new ServerFailure(FailureCode.INTERNAL_ERROR, "not here");
    };
  }

  private Answer download(String name) {
    if (name.equals("held.bytes")) {
      try {
        hold.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    boolean breaks = name.startsWith("break-");
    long length = name.equals("held.bytes") ? 10 : Long.parseLong(name.replaceAll("[^0-9]", ""));
    return new Answer(
        200,
        "video/mp4",
        Optional.of("\"e" + length + "\""),
        Answer.Cache.SEGMENT,
        false,
        Map.of(),
        () -> counted(length, breaks ? length / 2 : -1));
  }

  static byte byteAt(long position) {
    return (byte) (position * 31 + (position >>> 8));
  }

  private Body counted(long length, long breaksAt) {
    opened.incrementAndGet();
    return new Body() {
      @Override
      public long lengthBytes() {
        return length;
      }

      @Override
      public void read(long position, ByteBuffer out) {
        if (breaksAt >= 0 && position >= breaksAt) {
          throw new IllegalStateException("breaks in the middle");
        }
        readBytes.addAndGet(out.remaining());
        for (long at = position; out.hasRemaining(); at++) {
          out.put(byteAt(at));
        }
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }

  /** Sends bytes as they are, and returns all that comes back until the connection closes. */
  String exchange(String request) {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return readAll(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Socket connect() throws IOException {
    var socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.httpPort()));
    socket.setSoTimeout(10_000);
    return socket;
  }

  static String readAll(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    hold.countDown();
    server.close(Duration.ofSeconds(2));
  }
}
