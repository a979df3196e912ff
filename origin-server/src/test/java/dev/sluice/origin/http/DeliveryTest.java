package dev.sluice.origin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeliveryTest {
  @TempDir Path folder;
  private TestOrigin origin;
  private HttpClient client;

  @BeforeEach
  void start() throws Exception {
    origin = new TestOrigin(Optional.of(TlsContexts.ofSelfSigned(folder)));
    client = trusting(HttpClient.Version.HTTP_2);
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    origin.close();
  }

  private HttpClient trusting(HttpClient.Version version) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(folder.resolve("tls-cert.pem"))) {
      store.setCertificateEntry(
          "sluice", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().version(version).sslContext(tls).build();
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(
            URI.create("https://127.0.0.1:" + origin.server.httpsPort() + path))
        .timeout(Duration.ofSeconds(10))
        .build();
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void servesOverTls(HttpClient.Version version) throws Exception {
    if (version != HttpClient.Version.HTTP_1_1 && version != HttpClient.Version.HTTP_2) {
      return;
    }
    try (var own = trusting(version)) {
      HttpResponse<byte[]> response =
          own.send(request("/a/3000001.bytes"), BodyHandlers.ofByteArray());
      assertThat(response.version()).isEqualTo(version);
      assertThat(response.body()).hasSize(3_000_001);
      assertThat(response.body()[3_000_000]).isEqualTo(TestOrigin.byteAt(3_000_000));
      assertThat(own.send(request("/bear/bear.ism/manifest"), BodyHandlers.ofString()).body())
          .contains("secure=true, loopback=true");
      assertThat(own.send(request("/nothing/"), BodyHandlers.ofString()).statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void keepsItsKeyFromOthers() throws Exception {
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("tls-key.pem"))))
        .isEqualTo("rw-------");
    byte[] before = Files.readAllBytes(folder.resolve("tls-cert.pem"));
    TlsContexts.ofSelfSigned(folder);
    assertThat(Files.readAllBytes(folder.resolve("tls-cert.pem"))).isEqualTo(before);
  }

  @Test
  void abortsBothProtocolsWhenABodyBreaks() throws Exception {
    for (var version :
        new HttpClient.Version[] {HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2}) {
      try (var own = trusting(version)) {
        assertThatThrownBy(
                () -> own.send(request("/a/break-1000000.bytes"), BodyHandlers.ofByteArray()))
            .isInstanceOf(IOException.class);
        assertThat(own.send(request("/a/10.bytes"), BodyHandlers.ofByteArray()).body()).hasSize(10);
      }
    }
    String plain = origin.exchange("GET /a/break-1000000.bytes HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(plain).contains("content-length: 1000000");
    // It breaks at the half, and the piece that begins before may be written whole.
    assertThat(plain.length()).isLessThan(500_000 + (256 << 10) + 1_000);
    assertThat(origin.closed.get()).isEqualTo(origin.opened.get());
  }

  @Test
  void readsLittleAheadOfASlowReaderAndLetsItGo() throws Exception {
    try (Socket socket = origin.connect()) {
      socket.setReceiveBufferSize(16 << 10);
      socket
          .getOutputStream()
          .write(
              "GET /a/5000000000.bytes HTTP/1.1\r\nHost: x\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      await().untilAsserted(() -> assertThat(origin.opened.get()).isEqualTo(1));
      // No progress for the stall time: the connection is closed, and so is the body.
      await()
          .atMost(Duration.ofSeconds(8))
          .untilAsserted(() -> assertThat(origin.closed.get()).isEqualTo(1));
      assertThat(origin.readBytes.get()).isLessThan(16L << 20);
    }
  }

  @Test
  void finishesWhatIsInFlightWhenItStops() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> held =
        client.sendAsync(request("/a/held.bytes"), BodyHandlers.ofByteArray());
    CompletableFuture<String> plain =
        CompletableFuture.supplyAsync(
            () -> origin.exchange("GET /a/held.bytes HTTP/1.1\r\nHost: x\r\n\r\n"));
    Thread.sleep(700);
    var stop = Thread.ofVirtual().start(() -> origin.server.close(Duration.ofSeconds(5)));
    Thread.sleep(200);
    assertThatThrownBy(() -> origin.connect().close()).isInstanceOf(IOException.class);
    origin.hold.countDown();
    assertThat(held.get().body()).hasSize(10);
    assertThat(plain.get()).contains("200 OK");
    assertThat(stop.join(Duration.ofSeconds(8))).isTrue();
  }

  @Test
  void tellsAPlainClientThatThePortIsTls() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), origin.server.httpsPort())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(TestOrigin.readAll(socket)).startsWith("HTTP/1.1 400").contains("expected: https");
    }
  }

  @Test
  void refusesALargeBodyOfAStreamAndServesTheNext() throws Exception {
    var post =
        HttpRequest.newBuilder(
                URI.create("https://127.0.0.1:" + origin.server.httpsPort() + "/keys/"))
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[65_537]))
            .build();
    assertThat(client.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
    assertThat(client.send(request("/a/10.bytes"), BodyHandlers.ofByteArray()).body()).hasSize(10);
  }

  @Test
  void makesPiecesSmallWhenMuchIsInFlight() {
    var budget = new InFlightBudget(1_000);
    assertThat(budget.pieceBytes(128 << 10)).isEqualTo(128 << 10);
    budget.add(1_001);
    assertThat(budget.pieceBytes(128 << 10)).isEqualTo(16 << 10);
    budget.add(-1);
    assertThat(budget.pieceBytes(128 << 10)).isEqualTo(128 << 10);
  }
}
