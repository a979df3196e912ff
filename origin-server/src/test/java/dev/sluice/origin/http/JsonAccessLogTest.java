package dev.sluice.origin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.origin.media.Answer;
import io.netty.handler.ssl.OpenSsl;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonAccessLogTest {
  @ParameterizedTest
  @ValueSource(strings = {"?token=canary", "%3Ftoken=canary", "%253ftoken=canary", ";token=canary"})
  void writesALineWithoutTheToken(String query) throws Exception {
    var out = new ByteArrayOutputStream();
    var server =
        HttpServer.start(
            HttpSettings.plain("127.0.0.1", 0),
            new OriginEndpoints((request, caller) ->
                Answer.noStore("text/plain", "hello".getBytes(StandardCharsets.UTF_8))),
            HttpMetrics.NONE,
            new JsonAccessLog(out));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
      socket
          .getOutputStream()
          .write(
              "GET /a/b\"c%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                  .formatted(query)
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(TestOrigin.readAll(socket)).startsWith("HTTP/1.1 ");
      await().untilAsserted(() -> assertThat(out.size()).isPositive());
    } finally {
      server.close(Duration.ofSeconds(1));
    }
    assertThat(out.toString(StandardCharsets.UTF_8))
        .matches(
            "\\{\"time\":\"[0-9TZ:.-]+\",\"method\":\"GET\",\"path\":\"/a/b\\\\\"c\",\"status\":[0-9]+,"
                + "\"bytes\":[0-9]+,\"ms\":[0-9]+,\"protocol\":\"HTTP/1.1\",\"complete\":true}\n")
        .doesNotContain("canary");
  }

  @Test
  void writesDownWhatWasRefusedUnread() throws Exception {
    var out = new ByteArrayOutputStream();
    var server =
        HttpServer.start(
            HttpSettings.plain("127.0.0.1", 0),
            new OriginEndpoints((request, caller) -> {
              throw new AssertionError("asked");
            }),
            HttpMetrics.NONE,
            new JsonAccessLog(out));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
      socket
          .getOutputStream()
          .write("GET /a?token=canary HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(TestOrigin.readAll(socket)).startsWith("HTTP/1.1 400");
      await().untilAsserted(() -> assertThat(out.size()).isPositive());
    } finally {
      server.close(Duration.ofSeconds(1));
    }
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("\"method\":\"GET\",\"path\":\"\",\"status\":400")
        .doesNotContain("canary");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void loadsTheNativeTls() {
    assertThat(OpenSsl.isAvailable()).isTrue();
  }
}
