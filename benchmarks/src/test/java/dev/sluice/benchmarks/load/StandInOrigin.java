package dev.sluice.benchmarks.load;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** A server of the test's own, on loopback, whose answers a test sets and breaks. */
final class StandInOrigin implements AutoCloseable {
  /** Answers one request. */
  interface Handler {
    void answer(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
  private final String scheme;

  private StandInOrigin(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  static StandInOrigin start() throws IOException {
    return new StandInOrigin(HttpServer.create(anyPort(), 0), "http");
  }

  static StandInOrigin startTls(SSLContext tls) throws IOException {
    var server = HttpsServer.create(anyPort(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return new StandInOrigin(server, "https");
  }

  String url(String path) {
    return "%s://127.0.0.1:%d%s".formatted(scheme, server.getAddress().getPort(), path);
  }

  /** Every request so far: method, path, what it authorizes itself by, and the range. */
  List<String> seen() {
    synchronized (seen) {
      return List.copyOf(seen);
    }
  }

  StandInOrigin on(String path, Handler handler) {
    handlers.put(path, handler);
    return this;
  }

  StandInOrigin on(String path, byte[] body) {
    return on(path, exchange -> send(exchange, 200, body));
  }

  StandInOrigin on(String path, String body) {
    return on(path, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Serves parts of a body. */
  StandInOrigin onRanges(String path, byte[] body) {
    return on(
        path,
        exchange -> {
          var range =
              Pattern.compile("bytes=(\\d+)-(\\d+)")
                  .matcher(exchange.getRequestHeaders().getFirst("Range"));
          if (!range.matches()) {
            send(exchange, 416, new byte[0]);
            return;
          }
          int from = Integer.parseInt(range.group(1));
          int to = Integer.parseInt(range.group(2));
          send(exchange, 206, Arrays.copyOfRange(body, from, to + 1));
        });
  }

  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      String token = exchange.getRequestHeaders().getFirst("Authorization");
      String range = exchange.getRequestHeaders().getFirst("Range");
      seen.add(
          "%s %s%s%s"
              .formatted(
                  exchange.getRequestMethod(),
                  path,
                  token == null ? "" : " " + token,
                  range == null ? "" : " " + range));
      var handler = handlers.get(path);
      if (handler == null) {
        byte[] problem =
            "{\"status\":404,\"code\":\"MPE_RESOURCE_NOT_FOUND\"}".getBytes(StandardCharsets.UTF_8);
        send(exchange, 404, problem);
      } else {
        handler.answer(exchange);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
