package dev.sluice.origin.http;

import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.FileBytes;
import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.OriginRequest;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An origin of made-up bytes: {@code /a/{n}.bytes} has n bytes, others misbehave by name. Those of
 * {@code now-} are in memory, mostly; those of {@code shared-} are made together; those of {@code
 * file-} lie in a file behind some that do not.
 */
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
  final Queue<Integer> batches = new ConcurrentLinkedQueue<>();
  final Set<String> threads = ConcurrentHashMap.newKeySet();
  final AtomicLong sentFromFile = new AtomicLong();
  volatile boolean fileChanged;

  /** Whether reads meet an error, but for the first of each body; what is served meets one too. */
  volatile boolean meetsErrors;

  final HttpServer server;
  private static final int FILE_BYTES = 5_000_000;
  private final FileChannel file = newFile();

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
    if (meetsErrors && name.equals("1.bytes")) {
      throw new LinkageError("a class is broken");
    }
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
        () ->
            name.startsWith("now-") || name.startsWith("shared-") || name.startsWith("file-")
                ? new MemoryBody(name, length)
                : counted(length, breaks ? length / 2 : -1));
  }

  /** A body that can be read without a wait, but now and then not. */
  private final class MemoryBody implements Body {
    private static final int HEADER_BYTES = 700;

    private final String name;
    private final long length;
    private int reads;
    private boolean open = true;

    MemoryBody(String name, long length) {
      this.name = name;
      this.length = length;
      opened.incrementAndGet();
    }

    @Override
    public long lengthBytes() {
      return length;
    }

    @Override
    public void read(long position, ByteBuffer out) {
      threads.add(Thread.currentThread().isVirtual() ? "virtual" : "loop");
      if (!open) {
        throw new IllegalStateException("read after it was closed");
      }
      if (meetsErrors && position > 0) {
        throw new LinkageError("a class is broken");
      }
      for (long at = position; out.hasRemaining(); at++) {
        out.put(byteAt(at));
      }
    }

    @Override
    public boolean readNow(long position, ByteBuffer out) {
      reads++;
      if (reads % 5 == 2) {
        return false;
      }
      read(position, out);
      return true;
    }

    @Override
    public Optional<Together> together() {
      return name.startsWith("shared-") ? Optional.of(TestOrigin.this.together) : Optional.empty();
    }

    @Override
    public Optional<FileBytes> fileBytes(long position) {
      return name.startsWith("file-") && position >= HEADER_BYTES
          ? Optional.of(new InFile(position, length - position))
          : Optional.empty();
    }

    @Override
    public void close() {
      open = false;
      closed.incrementAndGet();
    }
  }

  /** Makes pieces of bodies, and remembers how many at a time. */
  final Body.Together together =
      new Body.Together() {
        @Override
        public int piecesAtOnce() {
          return 4;
        }

        @Override
        public void readNow(List<Body.Piece> pieces) {
          batches.add(pieces.size());
          for (Body.Piece piece : pieces) {
            if (piece.body().readNow(piece.positionBytes(), piece.out())) {
              piece.succeed();
            }
          }
        }
      };

  /** A part of the file. */
  private final class InFile implements FileBytes {
    private final long offset;
    private final long length;

    InFile(long offset, long length) {
      this.offset = offset;
      this.length = length;
    }

    @Override
    public FileChannel file() {
      return file;
    }

    @Override
    public long offsetBytes() {
      return offset;
    }

    @Override
    public long lengthBytes() {
      return length;
    }

    @Override
    public boolean isAtHand(long fromBytes, int lengthBytes) {
      sentFromFile.addAndGet(lengthBytes);
      return true;
    }

    @Override
    public void requireUnchanged() {
      if (fileChanged) {
        throw new IllegalStateException("changed");
      }
    }
  }

  private static FileChannel newFile() throws IOException {
    byte[] bytes = new byte[FILE_BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = byteAt(i);
    }
    Path file = Files.createTempFile("origin", ".bytes");
    Files.write(file, bytes);
    return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE);
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
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
