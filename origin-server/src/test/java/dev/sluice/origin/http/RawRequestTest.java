package dev.sluice.origin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawRequestTest {
  private static TestOrigin origin;

  @BeforeAll
  static void start() throws IOException {
    origin = new TestOrigin();
  }

  @AfterAll
  static void stop() {
    origin.close();
  }

  private static String get(String path, String... fields) {
    return request("GET", path, fields);
  }

  private static String request(String method, String path, String... fields) {
    return origin.exchange(
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + String.join("", List.of(fields).stream().map(f -> f + "\r\n").toList())
            + "\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /a/1.bytes HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /keys/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /keys/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
        "POST /keys/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST /keys/ HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /keys/ HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\na",
        "POST /keys/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST /keys/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST /keys/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        "POST /keys/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /keys/ HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\na",
        "GET /a/1.bytes HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na",
        "GET /a/1.bytes HTTP/1.1\r\n\r\n",
        "GET /a/1.bytes HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET /a/1.bytes HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET /a/1.bytes HTTP/1.1\nHost: x\n\n",
        "GET /a/1.bytes HTTP/7.1\r\nHost: x\r\n\r\n",
        "GET /a/1.bytes\r\n\r\n",
        "junk\r\n\r\n",
        "\u0000\u0001\u0002\u0003\r\n\r\n",
        "GET /a/1.bytes HTTP/1.1\r\nHost: x\r\nA\u0000b: c\r\n\r\n",
        "GET /a/%2e%2e HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      })
  void refusesWhatIsMalformedAndCloses(String request) {
    String answer = origin.exchange(request);
    assertThat(answer)
        .startsWith("HTTP/1.1 400 Bad Request\r\n")
        .containsIgnoringCase("connection: close");
    assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(2);
  }

  @Test
  void holdsTheLimitsOfTheHead() {
    assertThat(get("/a/1.bytes?token=" + "t".repeat(15_000))).startsWith("HTTP/1.1 200");
    assertThat(get("/a/1.bytes?token=" + "t".repeat(17_000)))
        .startsWith("HTTP/1.1 414")
        .contains("\"code\":\"URI_TOO_LONG\"");
    assertThat(get("/a/1.bytes", "X: " + "h".repeat(30_000))).startsWith("HTTP/1.1 200");
    assertThat(get("/a/1.bytes", "X: " + "h".repeat(33_000))).startsWith("HTTP/1.1 431");
    assertThat(get("/a/1.bytes", "X: 1\r\n".repeat(6_000) + "Y: 1")).startsWith("HTTP/1.1 431");
  }

  @Test
  void refusesLargeBodies() {
    assertThat(origin.exchange("POST /keys/ HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n"))
        .startsWith("HTTP/1.1 413");
    assertThat(
            origin.exchange(
                "POST /keys/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + ("1000\r\n" + "b".repeat(4096) + "\r\n").repeat(17)))
        .startsWith("HTTP/1.1 413");
    assertThat(request("POST", "/keys/", "Content-Length: 3", "Expect: 100-continue", "", "abc"))
        .startsWith("HTTP/1.1 100 Continue\r\n")
        .contains("HTTP/1.1 200 OK");
  }

  @Test
  void timesOutAHeadThatDrips() throws Exception {
    try (Socket socket = origin.connect()) {
      long start = System.nanoTime();
      var dripper =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (char c : "GET /a/1.bytes HTTP/1.1\r\nHost: xxxx".toCharArray()) {
                    socket.getOutputStream().write(c);
                    Thread.sleep(100);
                  }
                } catch (IOException | InterruptedException expected) {
                  return;
                }
              });
      assertThat(TestOrigin.readAll(socket)).startsWith("HTTP/1.1 408");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
      dripper.interrupt();
    }
    assertThat(origin.exchange("POST /keys/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na"))
        .startsWith("HTTP/1.1 408");
    assertThat(origin.exchange("")).isEmpty();
  }

  @Test
  void answersPipelinedRequestsInOrder() {
    String one = "GET /a/%d.bytes HTTP/1.1\r\nHost: x\r\n\r\n";
    String answer =
        origin.exchange(
            one.formatted(1)
                + one.formatted(2)
                + one.formatted(300_000)
                + "GET /a/3.bytes HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(answer.split("HTTP/1.1 200 OK", -1)).hasSize(5);
    assertThat(answer.indexOf("\"e1\"")).isLessThan(answer.indexOf("\"e2\""));
    assertThat(answer.indexOf("\"e300000\"")).isLessThan(answer.indexOf("\"e3\""));
  }

  @Test
  void answersAClientThatHasFinishedSending() throws IOException {
    try (Socket socket = origin.connect()) {
      socket
          .getOutputStream()
          .write("GET /a/5.bytes HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      assertThat(TestOrigin.readAll(socket)).startsWith("HTTP/1.1 200 OK");
    }
  }

  @Test
  void readsAMessageHoweverItIsSplit() throws IOException {
    byte[] message =
        "POST /keys/ HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"
            .getBytes(StandardCharsets.US_ASCII);
    for (int split = 1; split < message.length; split++) {
      try (Socket socket = origin.connect()) {
        socket.setTcpNoDelay(true);
        socket.getOutputStream().write(message, 0, split);
        socket.getOutputStream().flush();
        socket.getOutputStream().write(message, split, message.length - split);
        assertThat(TestOrigin.readAll(socket)).startsWith("HTTP/1.1 200 OK").endsWith("abc");
      }
    }
  }

  @Test
  void refusesMethodsWithWhatIsAllowed() {
    assertThat(request("DELETE", "/a/1.bytes"))
        .startsWith("HTTP/1.1 405")
        .contains("allow: GET, HEAD, OPTIONS\r\n")
        .contains("METHOD_NOT_ALLOWED");
    assertThat(request("GET", "/keys/ClearKey/")).contains("allow: POST, OPTIONS\r\n");
    assertThat(
            request(
                "OPTIONS",
                "/a/1.bytes",
                "Origin: https://p",
                "Access-Control-Request-Headers: range"))
        .startsWith("HTTP/1.1 204")
        .contains("access-control-allow-origin: *\r\n")
        .contains("access-control-max-age: 86400\r\n")
        .contains("If-None-Match");
  }

  @Test
  void tellsBrowsersWhatTheyMayRead() {
    assertThat(get("/a/1.bytes", "Origin: https://p"))
        .contains("access-control-allow-origin: *\r\n")
        .contains("access-control-expose-headers: Content-Length, Content-Range, Date, ETag")
        .doesNotContainIgnoringCase("credentials");
    assertThat(get("/keys/", "Origin: https://p"))
        .contains("access-control-allow-origin: https://p\r\n")
        .contains("vary: Origin\r\n")
        .contains("cache-control: no-store\r\n");
    assertThat(get("/keys/")).contains("vary: Origin\r\n").doesNotContain("allow-origin");
  }

  @Test
  void dependsOnNoForeignHeader() {
    String plain = get("/bear/bear.ism/manifest").replaceAll("date: .*\r\n", "");
    String forged =
        origin
            .exchange(
                String.join(
                    "\r\n",
                    "GET http://evil.example/bear/bear.ism/manifest?x=canary HTTP/1.1",
                    "Host: evil.example",
                    "X-Forwarded-Host: canary",
                    "X-Forwarded-For: 8.8.8.8",
                    "X-Forwarded-Proto: https",
                    "User-Agent: canary",
                    "Connection: close",
                    "",
                    ""))
            .replaceAll("date: .*\r\n", "");
    assertThat(forged).isEqualTo(plain);
  }

  @Test
  void takesTheTokenWithoutPrintingIt() {
    assertThat(get("/bear/bear.ism/manifest?TOKEN=t%2Bx"))
        .endsWith("token=present, secure=false, loopback=true, wantsPrefetchPath=false]");
    assertThat(get("/bear/bear.ism/manifest", "Authorization: bearer abc"))
        .contains("token=present");
    assertThat(get("/bear/bear.ism/manifest", "Cookie: a=b; sluice-token=abc"))
        .contains("token=present");
    assertThat(get("/bear/bear.ism/manifest", "Authorization: Basic abc")).contains("token=absent");
    assertThat(get("/a/1.bytes?token=t"))
        .contains("cache-control: private, max-age=100, immutable");
  }

  @Test
  void hidesWhatWentWrongInside() {
    assertThat(get("/player/x.js"))
        .startsWith("HTTP/1.1 500")
        .contains("INTERNAL_ERROR")
        .doesNotContain("secret detail");
    assertThat(get("/nothing")).startsWith("HTTP/1.1 404").contains("cache-control: max-age=1\r\n");
    assertThat(get("/")).startsWith("HTTP/1.1 302").contains("location: /player/\r\n");
  }

  @Test
  void tellsATlsClientThatThePortIsPlain() {
    assertThat(origin.exchange("\u0016\u0003\u0001\u0002\u0000\u0001"))
        .isEqualTo("\u0015\u0003\u0001\u0000\u0002\u0002F");
  }

  @Test
  void capsTheConnectionsOfAnAddress() throws IOException {
    var sockets = new ArrayList<Socket>();
    try {
      for (int i = 0; i < TestOrigin.LIMITS.connectionsPerAddress() + 1; i++) {
        sockets.add(origin.connect());
      }
      assertThat(sockets.getLast().getInputStream().read()).isEqualTo(-1);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    await().untilAsserted(() -> assertThat(get("/a/1.bytes")).startsWith("HTTP/1.1 200"));
  }
}
