package dev.sluice.origin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies whose bytes are in memory, in a file, or made together, over every protocol. */
final class BodyPumpTest {
  @TempDir private Path folder;
  private TestOrigin origin;
  private SSLContext trusting;

  @BeforeEach
  void start() throws Exception {
    Optional<SslContext> tls = Optional.of(TlsContexts.ofSelfSigned(folder));
    origin = new TestOrigin(tls);
    trusting = SSLContext.getInstance("TLS");
    trusting.init(
        null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), new SecureRandom());
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  @ParameterizedTest
  @CsvSource({
    "now, http, HTTP_1_1",
    "now, https, HTTP_1_1",
    "now, https, HTTP_2",
    "shared, http, HTTP_1_1",
    "shared, https, HTTP_1_1",
    "shared, https, HTTP_2",
    "file, http, HTTP_1_1",
    "file, https, HTTP_1_1",
    "file, https, HTTP_2"
  })
  void givesEveryReaderItsBytes(String kind, String scheme, HttpClient.Version version)
      throws Exception {
    int[] sizes = {0, 1, 700, 701, 16_384, 65_536, 65_537, 300_000, 1_000_001, 3_333_333};
    try (var client = client(version)) {
      var answers = new ArrayList<CompletableFuture<byte[]>>();
      for (int size : sizes) {
        var request = HttpRequest.newBuilder(uri(scheme, "/a/" + kind + "-" + size + ".bytes"));
        answers.add(
            client
                .sendAsync(request.build(), BodyHandlers.ofByteArray())
                .thenApply(response -> response.body()));
        if (size > 1_000) {
          request.header("range", "bytes=777-" + (size - 5));
          answers.add(
              client
                  .sendAsync(request.build(), BodyHandlers.ofByteArray())
                  .thenApply(response -> response.body()));
        }
      }
      int next = 0;
      for (int size : sizes) {
        assertThat(answers.get(next++).get()).isEqualTo(bytes(0, size));
        if (size > 1_000) {
          assertThat(answers.get(next++).get()).isEqualTo(bytes(777, size - 4));
        }
      }
    }
    await().untilAsserted(() -> assertThat(origin.closed).hasValue(origin.opened.get()));
    assertThat(origin.threads).containsExactlyInAnyOrder("loop", "virtual");
    boolean fromFile = kind.equals("file") && scheme.equals("http");
    assertThat(origin.sentFromFile.get() > 3_000_000).isEqualTo(fromFile);
  }

  @Test
  void makesPiecesOfSeveralBodiesTogether() throws Exception {
    var sockets = new ArrayList<Socket>();
    try {
      // Connections are spread over the event loops, so more of them than loops.
      for (int i = 0; i < 40 && origin.batches.stream().noneMatch(n -> n > 1); i++) {
        for (int k = 0; k < 16; k++) {
          var socket = connect();
          sockets.add(socket);
          socket.getOutputStream().write(get("shared-4000000"));
        }
        for (Socket socket : sockets) {
          readAnswer(socket, 4_000_000);
          socket.close();
        }
        sockets.clear();
      }
      assertThat(origin.batches).allMatch(n -> n >= 1 && n <= 4).anyMatch(n -> n > 1);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void cutsAnAnswerOffWhoseFileHasChanged() throws Exception {
    origin.fileChanged = true;
    try (Socket socket = connect()) {
      socket.getOutputStream().write(get("file-4000000"));
      byte[] all = socket.getInputStream().readAllBytes();
      assertThat(new String(all, 0, 600, StandardCharsets.ISO_8859_1))
          .contains("content-length: 4000000");
      assertThat(all.length).isLessThan(4_000_000 - 10_000);
    }
    await().untilAsserted(() -> assertThat(origin.closed).hasValue(origin.opened.get()));
  }

  @ParameterizedTest
  @CsvSource({"now", "shared", "file"})
  void closesTheBodiesOfClientsThatGo(String kind) throws Exception {
    for (int i = 0; i < 20; i++) {
      try (Socket socket = connect()) {
        socket.getOutputStream().write(get(kind + "-4900000"));
        socket.getInputStream().readNBytes(1 + i * 50_000);
      }
    }
    await().untilAsserted(() -> assertThat(origin.opened).hasValue(20));
    await().untilAsserted(() -> assertThat(origin.closed).hasValue(20));
  }

  @ParameterizedTest
  @CsvSource({"now", "shared", "file"})
  void letsAReaderGoThatTakesNothing(String kind) throws Exception {
    try (Socket socket = origin.connect()) {
      socket.setReceiveBufferSize(16 << 10);
      socket.getOutputStream().write(get(kind + "-4900000"));
      await().untilAsserted(() -> assertThat(origin.opened).hasValue(1));
      await().untilAsserted(() -> assertThat(origin.closed).hasValue(1));
    }
  }

  /** An error of the JVM that nobody expects ends what met it, and gives back what that held. */
  @ParameterizedTest
  @CsvSource({"now", "shared", "file"})
  void endsAnAnswerThatMeetsAnError(String kind) throws Exception {
    origin.meetsErrors = true;
    for (int i = 0; i <= TestOrigin.LIMITS.requests(); i++) {
      try (Socket socket = connect()) {
        socket.getOutputStream().write(get(kind + "-4900000"));
        assertThat(socket.getInputStream().readAllBytes().length).isLessThan(4_900_000);
      }
    }
    await().untilAsserted(() -> assertThat(origin.closed).hasValue(origin.opened.get()));
    origin.meetsErrors = false;
    try (Socket socket = connect()) {
      socket.getOutputStream().write(get(kind + "-4900000"));
      readAnswer(socket, 4_900_000);
    }
  }

  @Test
  void tellsThatItMetAnError() throws Exception {
    origin.meetsErrors = true;
    try (Socket socket = connect()) {
      for (int i = 0; i <= TestOrigin.LIMITS.requests(); i++) {
        socket.getOutputStream().write(get("1"));
      }
      socket.shutdownOutput();
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(all.split("HTTP/1.1 500", -1)).hasSize(2 + TestOrigin.LIMITS.requests());
      assertThat(all).doesNotContain("a class is broken");
    }
  }

  @Test
  void answersRequestsThatCameAheadInTheirOrder() throws Exception {
    try (Socket socket = connect()) {
      var requests = new StringBuilder();
      List<Integer> sizes = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        int size = i * 977 % 5_000 + (i % 10 == 0 ? 200_000 : 0);
        sizes.add(size);
        requests.append(new String(get("now-" + size), StandardCharsets.ISO_8859_1));
      }
      Thread.ofVirtual()
          .start(() -> {
            try {
              socket
                  .getOutputStream()
                  .write(requests.toString().getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      for (int size : sizes) {
        readAnswer(socket, size);
      }
    }
  }

  private static byte[] get(String name) {
    return ("GET /a/" + name + ".bytes HTTP/1.1\r\nHost: x\r\n\r\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void readAnswer(Socket socket, int size) throws IOException {
    InputStream in = socket.getInputStream();
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int read = in.read();
      assertThat(read).as("the head of %d bytes", size).isNotNegative();
      head.append((char) read);
    }
    assertThat(head.toString()).contains("200 OK").contains("content-length: " + size + "\r\n");
    assertThat(in.readNBytes(size)).isEqualTo(bytes(0, size));
  }

  private Socket connect() throws IOException {
    return origin.connect();
  }

  private URI uri(String scheme, String path) {
    int port = scheme.equals("http") ? origin.server.httpPort() : origin.server.httpsPort();
    return URI.create(scheme + "://127.0.0.1:" + port + path);
  }

  private HttpClient client(HttpClient.Version version) {
    System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
    return HttpClient.newBuilder().version(version).sslContext(trusting).build();
  }

  private static byte[] bytes(int from, int to) {
    byte[] bytes = new byte[to - from];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = TestOrigin.byteAt(from + i);
    }
    return bytes;
  }
}
