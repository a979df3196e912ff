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

class JsonAccessLogTest {
  @Test
  void writesALineWithoutTheToken() throws Exception {
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
              "GET /a/b\"c?token=canary HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(TestOrigin.readAll(socket)).endsWith("hello");
      await().untilAsserted(() -> assertThat(out.size()).isPositive());
    } finally {
      server.close(Duration.ofSeconds(1));
    }
    assertThat(out.toString(StandardCharsets.UTF_8))
        .matches(
            "\\{\"time\":\"[0-9TZ:.-]+\",\"method\":\"GET\",\"path\":\"/a/b\\\\\"c\",\"status\":200,"
                + "\"bytes\":5,\"ms\":[0-9]+,\"protocol\":\"HTTP/1.1\",\"complete\":true}\n")
        .doesNotContain("canary");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void loadsTheNativeTls() {
    assertThat(OpenSsl.isAvailable()).isTrue();
  }
}
