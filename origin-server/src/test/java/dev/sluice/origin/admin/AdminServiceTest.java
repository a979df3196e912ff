package dev.sluice.origin.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.http.AccessLog;
import dev.sluice.origin.http.HttpServer;
import dev.sluice.origin.http.HttpSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServiceTest {
  /** Documents in memory. */
  private static final class Documents implements AdminDocuments {
    private final Map<String, String> held = new ConcurrentHashMap<>();

    @Override
    public Optional<String> findJson(String kind, String name, boolean secrets) {
      return Optional.ofNullable(held.get(kind + "/" + name));
    }

    @Override
    public String listJson(String kind, boolean secrets) {
      return held.values().toString();
    }

    @Override
    public String apply(String json) {
      held.put("applied", json);
      return "{}";
    }

    @Override
    public void put(String kind, String name, String json) {
      held.put(kind + "/" + name, json);
    }

    @Override
    public boolean delete(String kind, String name) {
      return held.remove(kind + "/" + name) != null;
    }
  }

  private final AtomicBoolean ready = new AtomicBoolean();
  private HttpServer server;
  private HttpClient client;

  @BeforeEach
  void start() throws IOException {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    server =
        HttpServer.start(
            HttpSettings.plain("127.0.0.1", 0),
            new AdminService(new Documents(), registry::scrape, ready::get),
            new MicrometerHttpMetrics(registry),
            AccessLog.NONE);
    client = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    server.close(Duration.ofSeconds(1));
  }

  private HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  @Test
  void tellsHealthReadinessAndMetrics() throws Exception {
    assertThat(send("GET", "/healthz", "").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/readyz", "").statusCode()).isEqualTo(503);
    ready.set(true);
    assertThat(send("GET", "/readyz", "").body()).isEqualTo("ready\n");
    assertThat(send("GET", "/metrics", "").body())
        .contains(
            "sluice_http_requests_seconds_count{complete=\"true\",kind=\"admin\",status=\"200\"}")
        .contains("sluice_http_connections");
  }

  @Test
  void readsWritesAndDeletesDocuments() throws Exception {
    assertThat(send("GET", "/v1/Asset/bear", "").statusCode()).isEqualTo(404);
    assertThat(send("PUT", "/v1/Asset/bear", "{\"kind\":\"Asset\"}").statusCode()).isEqualTo(204);
    assertThat(send("GET", "/v1/Asset/bear", "").body()).isEqualTo("{\"kind\":\"Asset\"}");
    assertThat(send("GET", "/v1/Asset", "").body()).isEqualTo("[{\"kind\":\"Asset\"}]");
    assertThat(send("DELETE", "/v1/Asset/bear", "").statusCode()).isEqualTo(204);
    assertThat(send("DELETE", "/v1/Asset/bear", "").statusCode()).isEqualTo(404);
    assertThat(send("POST", "/v1/Asset/bear", "x").statusCode()).isEqualTo(405);
    assertThat(send("GET", "/v1/Asset/../x", "").statusCode()).isEqualTo(404);
  }

  @Test
  void answersNoWebPage() throws Exception {
    var fromAPage =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + "/v1"))
            .header("Origin", "https://evil.example")
            .POST(HttpRequest.BodyPublishers.ofString("[]"))
            .build();
    assertThat(client.send(fromAPage, BodyHandlers.ofString()).body())
        .contains("CROSS_ORIGIN_REFUSED");
    assertThat(send("GET", "/v1/Asset/applied", "").statusCode()).isEqualTo(404);
  }

  @Test
  void answersOnLoopbackUnderNoOtherName() throws Exception {
    assertThat(underName("rebound.example:8081")).startsWith("HTTP/1.1 421 ");
    assertThat(underName("localhost:8081")).startsWith("HTTP/1.1 200 ");
    assertThat(underName("[::1]:8081")).startsWith("HTTP/1.1 200 ");
  }

  private String underName(String host) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
      socket
          .getOutputStream()
          .write(
              ("GET /v1/Asset HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
