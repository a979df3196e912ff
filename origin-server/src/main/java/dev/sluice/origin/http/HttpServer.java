package dev.sluice.origin.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A running server: its listeners and its connections. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends in channelInactive.
public final class HttpServer implements AutoCloseable {
  private static final int BACKLOG = 1_024;
  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);

  /** HTTP/2 writes no more than the high mark in one turn. */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(256 << 10, 512 << 10);

  /**
   * How much of an answer the system holds that it has not sent yet. Without a limit it is some
   * megabytes for each slow reader, who looks like a fast one until they are full.
   */
  private static final long UNSENT_BYTES = 256 << 10;

  private final EventLoopGroup loops;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final List<Channel> listeners = new ArrayList<>();
  private int httpPort = -1;
  private int httpsPort = -1;

  private HttpServer() {
    IoHandlerFactory factory =
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    loops = new MultiThreadIoEventLoopGroup(factory);
  }

  /**
   * Starts a server; it answers when this returns.
   *
   * @throws IOException if it cannot listen
   */
  public static HttpServer start(
      HttpSettings settings, HttpService service, HttpMetrics metrics, AccessLog log)
      throws IOException {
    var server = new HttpServer();
    try {
      var responder = new Responder(service, settings, metrics, log);
      var limits = new ConnectionLimits(settings.limits(), metrics, server.connections);
      server.httpPort =
          server.listen(
              settings,
              settings.httpPort(),
              new ConnectionInitializer(responder, limits, Optional.empty()),
              /* halfClose= */ true);
      Optional<SslContext> tls = settings.httpsPort() < 0 ? Optional.empty() : settings.tls();
      if (tls.isPresent()) {
        server.httpsPort =
            server.listen(
                settings,
                settings.httpsPort(),
                new ConnectionInitializer(responder, limits, tls),
                /* halfClose= */ false);
      }
      return server;
    } catch (IOException | RuntimeException e) {
      server.close(Duration.ZERO);
      throw e;
    }
  }

  /** The port of the plain listener, -1 if there is none. */
  public int httpPort() {
    return httpPort;
  }

  /** The port of the TLS listener, -1 if there is none. */
  public int httpsPort() {
    return httpsPort;
  }

  /** The memory outside the heap that is set aside for pieces on their way, in use or not. */
  public static long directMemoryBytes() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  private int listen(
      HttpSettings settings, int port, ConnectionInitializer initializer, boolean halfClose)
      throws IOException {
    if (port < 0) {
      return -1;
    }
    int bound = port;
    for (String address : settings.bindAddresses()) {
      bound = bindOne(address, bound, initializer, halfClose);
    }
    return bound;
  }

  private int bindOne(
      String address, int port, ConnectionInitializer initializer, boolean halfClose)
      throws IOException {
    if (!address.equals("*")) {
      return bind(new InetSocketAddress(address, port), initializer, halfClose);
    }
    try {
      // Takes IPv4 as well where the system has both.
      return bind(new InetSocketAddress("::", port), initializer, halfClose);
    } catch (IOException withoutIpv6) {
      return bind(new InetSocketAddress("0.0.0.0", port), initializer, halfClose);
    }
  }

  private int bind(InetSocketAddress address, ConnectionInitializer initializer, boolean halfClose)
      throws IOException {
    Class<? extends ServerSocketChannel> type =
        Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    var bootstrap = new ServerBootstrap();
    if (Epoll.isAvailable()) {
      bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES);
    }
    var bound =
        bootstrap
            .group(loops)
            .channel(type)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, halfClose)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(initializer)
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "port %d: %s (expected: a free one)".formatted(address.getPort(), reason(bound.cause())),
          bound.cause());
    }
    listeners.add(bound.channel());
    return ((InetSocketAddress) bound.channel().localAddress()).getPort();
  }

  /** The words of the system, without the native call that they came from. */
  private static String reason(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    int words = text.lastIndexOf(": ");
    return words < 0 ? text : text.substring(words + 2);
  }

  /**
   * Stops accepting, lets the requests in flight finish, then closes.
   *
   * @param grace after which what is not finished is cut off
   */
  public void close(Duration grace) {
    for (Channel listener : listeners) {
      listener.close().awaitUninterruptibly();
    }
    long graceMs = grace.toMillis();
    for (Channel connection : connections) {
      Http2FrameCodec http2 = connection.pipeline().get(Http2FrameCodec.class);
      if (http2 == null && connection.pipeline().get(ExchangeHandler.class) == null) {
        connection.close();
      } else if (http2 == null) {
        connection
            .eventLoop()
            .execute(() -> connection.pipeline().fireUserEventTriggered(ConnectionEvent.DRAIN));
      } else {
        // Says GOAWAY, and closes when the last stream has ended.
        http2.gracefulShutdownTimeoutMillis(graceMs);
        connection.close();
      }
    }
    connections.newCloseFuture().awaitUninterruptibly(graceMs);
    connections.close().awaitUninterruptibly(1_000);
    loops.shutdownGracefully(0, 1_000, TimeUnit.MILLISECONDS).awaitUninterruptibly(2_000);
  }

  /** {@link #close(Duration)} with 10 s. */
  @Override
  public void close() {
    close(DEFAULT_GRACE);
  }
}
