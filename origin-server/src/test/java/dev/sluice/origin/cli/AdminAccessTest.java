package dev.sluice.origin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdminAccessTest {
  private static final String ASSET = "{\"kind\":\"Asset\",\"name\":\"a\",\"container\":\"b\"}";
  private static final String LOCATOR =
      "{\"kind\":\"StreamingLocator\",\"id\":\"90000000-0000-0000-0000-00000000000a\","
          + "\"asset\":\"a\"}";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private volatile int status = 200;
  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void putsOneDocumentToItsAddress() throws IOException {
    assertThat(apply(ASSET)).isZero();
    assertThat(requests).containsExactly("PUT /v1/Asset/a " + ASSET);
    assertThat(out).hasToString("applied Asset \"a\"\n");
  }

  @Test
  void postsSeveralTogether() throws IOException {
    assertThat(apply("[" + LOCATOR + "," + ASSET + "]")).isZero();
    assertThat(requests).containsExactly("POST /v1 [" + LOCATOR + "," + ASSET + "]");
  }

  @Test
  void asksForSecretsOnlyWhenTold() {
    assertThat(run("get", "ContentKey", "k")).isZero();
    assertThat(run("get", "ContentKey", "--secrets")).isZero();
    assertThat(run("delete", "Asset", "a b")).isZero();
    assertThat(requests)
        .containsExactly(
            "GET /v1/ContentKey/k ", "GET /v1/ContentKey?secrets=true ", "DELETE /v1/Asset/a%20b ");
  }

  @Test
  void saysWhatTheServerSays() {
    status = 400;
    assertThat(run("delete", "Asset", "a")).isEqualTo(1);
    assertThat(err).hasToString("sluice: why\n");
  }

  private int apply(String json) throws IOException {
    Path file = folder.resolve("documents.json");
    Files.writeString(file, json);
    return run("apply", "-f", file.toString());
  }

  private int run(String... args) {
    String[] all = java.util.Arrays.copyOf(args, args.length + 2);
    all[args.length] = "--admin";
    all[args.length + 1] = "http://127.0.0.1:" + server.getAddress().getPort();
    return SluiceCommand.run(Map.of(), new PrintWriter(out, true), new PrintWriter(err, true), all);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
      byte[] json = "{\"detail\": \"why\"}".getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, json.length);
      exchange.getResponseBody().write(json);
    }
  }
}
