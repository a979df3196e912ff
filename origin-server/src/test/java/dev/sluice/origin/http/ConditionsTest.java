package dev.sluice.origin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionsTest {
  private static final int LENGTH = 1_000_003;

  private static TestOrigin origin;
  private static HttpClient client;

  @BeforeAll
  static void start() throws IOException {
    origin = new TestOrigin();
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterAll
  static void stop() {
    client.close();
    origin.close();
  }

  private static HttpResponse<byte[]> send(String method, String path, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + origin.server.httpPort() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static HttpResponse<byte[]> get(String... headers)
      throws IOException, InterruptedException {
    return send("GET", "/a/" + LENGTH + ".bytes", headers);
  }

  private static String field(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private static byte[] expected(int from, int to) {
    byte[] bytes = new byte[to - from];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = TestOrigin.byteAt(from + i);
    }
    return bytes;
  }

  @Test
  void servesTheWholeWithItsLengthAndTag() throws Exception {
    var response = get();
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(expected(0, LENGTH));
    assertThat(field(response, "etag")).isEqualTo("\"e" + LENGTH + "\"");
    assertThat(field(response, "cache-control")).isEqualTo("public, max-age=100, immutable");
    assertThat(field(response, "accept-ranges")).isEqualTo("bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0,0,1",
    "bytes=5-9,5,10",
    "bytes=131070-131075,131070,131076",
    "bytes=1000000-,1000000,1000003",
    "bytes=-3,1000000,1000003",
    "bytes=-99999999999999999999999,0,1000003",
    "bytes=1000002-99999999999999999999999,1000002,1000003",
    "bytes=00000000000000000000001-1,1,2",
  })
  void servesOneRange(String range, int from, int to) throws Exception {
    var response = get("Range", range);
    assertThat(response.statusCode()).isEqualTo(206);
    assertThat(response.body()).isEqualTo(expected(from, to));
    assertThat(field(response, "content-range"))
        .isEqualTo("bytes %d-%d/%d".formatted(from, to - 1, LENGTH));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=0-1,3-4", "bytes=4-3", "bytes=-", "bytes=a-b", "items=0-1", "bytes=1", ""})
  void servesTheWholeForOtherRanges(String range) throws Exception {
    assertThat(get("Range", range).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=1000003-", "bytes=9223372036854775807-", "bytes=-0"})
  void refusesRangesBehindTheEnd(String range) throws Exception {
    var response = get("Range", range);
    assertThat(response.statusCode()).isEqualTo(416);
    assertThat(field(response, "content-range")).isEqualTo("bytes */" + LENGTH);
  }

  @Test
  void honoursIfRangeByTheStrongTagOnly() throws Exception {
    String tag = "\"e" + LENGTH + "\"";
    assertThat(get("Range", "bytes=0-0", "If-Range", tag).statusCode()).isEqualTo(206);
    assertThat(get("Range", "bytes=0-0", "If-Range", "W/" + tag).statusCode()).isEqualTo(200);
    assertThat(get("Range", "bytes=0-0", "If-Range", "\"old\"").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"e1000003\"", "W/\"e1000003\"", "\"x\", \"e1000003\"", "*"})
  void answersNotModifiedWithoutOpeningTheBody(String condition) throws Exception {
    int before = origin.opened.get();
    var response = get("If-None-Match", condition);
    assertThat(response.statusCode()).isEqualTo(304);
    assertThat(field(response, "etag")).isEqualTo("\"e" + LENGTH + "\"");
    assertThat(origin.opened.get()).isEqualTo(before);
    assertThat(get("If-None-Match", "\"e1\"").statusCode()).isEqualTo(200);
  }

  @Test
  void answersHeadWithoutReading() throws Exception {
    long before = origin.readBytes.get();
    var response = send("HEAD", "/a/5000000000.bytes", "Range", "bytes=0-1");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(field(response, "content-length")).isEqualTo("5000000000");
    assertThat(send("HEAD", "/nothing/").statusCode()).isEqualTo(404);
    assertThat(origin.readBytes.get()).isEqualTo(before);
    assertThat(origin.closed.get()).isEqualTo(origin.opened.get());
  }

  @Test
  void compressesTheSameWayTwice() throws Exception {
    var plain = send("GET", "/videos");
    var first = send("GET", "/videos", "Accept-Encoding", "br, gzip;q=0.5");
    var second = send("GET", "/videos", "Accept-Encoding", "*");
    assertThat(first.body()).isEqualTo(second.body());
    assertThat(field(first, "etag")).isEqualTo("\"m1-gzip\"");
    assertThat(field(plain, "etag")).isEqualTo("\"m1\"");
    assertThat(field(first, "vary")).isEqualTo("Accept-Encoding");
    assertThat(field(plain, "vary")).isEqualTo("Accept-Encoding");
    assertThat(new GZIPInputStream(new ByteArrayInputStream(first.body())).readAllBytes())
        .isEqualTo(plain.body());
    assertThat(field(send("GET", "/videos", "Accept-Encoding", "gzip;q=0"), "content-encoding"))
        .isEmpty();
    assertThat(
            send("GET", "/videos", "Accept-Encoding", "gzip", "If-None-Match", "\"m1-gzip\"")
                .statusCode())
        .isEqualTo(304);
    var part = send("GET", "/videos", "Accept-Encoding", "gzip", "Range", "bytes=0-9");
    assertThat(part.body()).isEqualTo(Arrays.copyOf(plain.body(), 10));
  }
}
