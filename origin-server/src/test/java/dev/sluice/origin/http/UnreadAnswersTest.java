package dev.sluice.origin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask and do not read, and those that are quiet between requests. */
final class UnreadAnswersTest {
  private static final int HEADERS = 0x1;
  private static final int PRIORITY = 0x2;
  private static final int SETTINGS = 0x4;
  private static final int WINDOW_UPDATE = 0x8;

  @TempDir private Path folder;
  private TestOrigin origin;

  @BeforeEach
  void start() throws Exception {
    origin = new TestOrigin(Optional.of(TlsContexts.ofSelfSigned(folder)));
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  @Test
  void cutsOffWhoAsksForHeadsAndReadsNone() throws Exception {
    byte[] requests =
        "OPTIONS /a/10.bytes HTTP/1.1\r\nHost: x\r\n\r\n"
            .repeat(1_000)
            .getBytes(StandardCharsets.US_ASCII);
    try (Socket socket = unread(origin.server.httpPort())) {
      assertThatThrownBy(() -> writeFor(Duration.ofSeconds(8), socket, requests, 0))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void closesAnHttp2ConnectionThatIsNotRead() throws Exception {
    try (Socket plain = unread(origin.server.httpsPort())) {
      SSLSocket socket = http2(plain);
      OutputStream out = socket.getOutputStream();
      for (int stream = 1; stream < 16; stream += 2) {
        out.write(frame(HEADERS, 0x5, stream, get("/a/100000000.bytes")));
      }
      out.flush();
      // Frames that ask for nothing, to see whether somebody is there.
      byte[] more = frame(PRIORITY, 0, 1, new byte[5]);
      assertThatThrownBy(() -> writeFor(Duration.ofSeconds(12), socket, more, 100))
          .isInstanceOf(IOException.class);
    }
    await()
        .untilAsserted(() -> {
          assertThat(origin.opened.get()).isEqualTo(8);
          assertThat(origin.closed.get()).isEqualTo(8);
        });
  }

  @Test
  void leavesAQuietConnectionOpenThoughItsLastRequestCameInTwoParts() throws Exception {
    try (Socket socket = origin.connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST /keys/ HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      String told = "HTTP/1.1 100 Continue\r\n\r\n";
      assertThat(
              new String(
                  socket.getInputStream().readNBytes(told.length()), StandardCharsets.US_ASCII))
          .isEqualTo(told);
      out.write("{}".getBytes(StandardCharsets.US_ASCII));
      // Longer than a head may take, and not as long as a connection may be quiet.
      socket.setSoTimeout(2_500);
      var answers = new StringBuilder();
      assertThatThrownBy(
              () -> {
                for (int c = socket.getInputStream().read();
                    c >= 0;
                    c = socket.getInputStream().read()) {
                  answers.append((char) c);
                }
              })
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(answers).startsWith("HTTP/1.1 200").doesNotContain("408");
    }
  }

  private static void writeFor(Duration time, Socket socket, byte[] bytes, long pauseMs)
      throws Exception {
    long start = System.nanoTime();
    while (System.nanoTime() - start < time.toNanos()) {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      Thread.sleep(pauseMs);
    }
  }

  private static Socket unread(int port) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(8 << 10);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  /** A connection whose windows are as wide as they can be. */
  private static SSLSocket http2(Socket plain) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), new SecureRandom());
    var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", 0, false);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    OutputStream out = socket.getOutputStream();
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    out.write(frame(SETTINGS, 0, 0, new byte[] {0, 4, 0x7f, -1, -1, -1}));
    out.write(frame(WINDOW_UPDATE, 0, 0, new byte[] {0x70, 0, 0, 0}));
    return socket;
  }

  /** The fields of a request, each written out. Spec: RFC 7541 6.2.2. */
  private static byte[] get(String path) throws IOException {
    var fields = new ByteArrayOutputStream();
    for (String text :
        new String[] {
          ":method", "GET", ":scheme", "https", ":authority", "localhost", ":path", path
        }) {
      if (text.startsWith(":")) {
        fields.write(0);
      }
      fields.write(text.length());
      fields.write(text.getBytes(StandardCharsets.US_ASCII));
    }
    return fields.toByteArray();
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) throws IOException {
    var frame = new ByteArrayOutputStream();
    frame.write(new byte[] {0, 0, (byte) payload.length, (byte) type, (byte) flags});
    frame.write(new byte[] {0, 0, 0, (byte) stream});
    frame.write(payload);
    return frame.toByteArray();
  }
}
