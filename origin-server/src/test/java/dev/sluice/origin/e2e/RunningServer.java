package dev.sluice.origin.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The server as a process, started as the launcher starts it, on free ports. */
final class RunningServer implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile("sluice: ready http=(-?\\d+) https=(-?\\d+) admin=(-?\\d+)");
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private final Process process;
  private final Path log;
  private final int httpPort;
  private final int httpsPort;
  private final int adminPort;

  private RunningServer(Process process, Path log, int httpPort, int httpsPort, int adminPort) {
    this.process = process;
    this.log = log;
    this.httpPort = httpPort;
    this.httpsPort = httpsPort;
    this.adminPort = adminPort;
  }

  /** Runs {@code sluice} with these arguments to its end; fails unless it exits with 0. */
  static String run(String... arguments) {
    try {
      var builder = new ProcessBuilder(command(List.of(), List.of(arguments)));
      builder.redirectErrorStream(true);
      var process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError("sluice " + String.join(" ", arguments) + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Runs {@code sluice} with these arguments; fails unless it exits with 1, for "refused".
   *
   * @return what it says on standard error
   */
  static String refused(String... arguments) {
    try {
      var process = new ProcessBuilder(command(List.of(), List.of(arguments))).start();
      String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 1) {
        throw new AssertionError("sluice " + String.join(" ", arguments) + ": " + errors);
      }
      return errors;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Starts {@code sluice} with these arguments and waits until it is ready. */
  static RunningServer start(List<String> jvmOptions, List<String> arguments) {
    return start(jvmOptions, Map.of(), arguments);
  }

  /** The same, with these variables in its environment. */
  static RunningServer start(
      List<String> jvmOptions, Map<String, String> environment, List<String> arguments) {
    try {
      var log = Files.createTempFile("sluice-test", ".log");
      log.toFile().deleteOnExit();
      var builder = new ProcessBuilder(command(jvmOptions, arguments)).redirectError(log.toFile());
      builder.environment().putAll(environment);
      var process = builder.start();
      var out =
          new BufferedReader(
              new java.io.InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      var line = CompletableFuture.supplyAsync(() -> readLine(out)).get(60, TimeUnit.SECONDS);
      var ready = READY.matcher(line);
      if (!ready.matches()) {
        process.destroyForcibly();
        throw new AssertionError("first line: " + line + "\n" + Files.readString(log));
      }
      return new RunningServer(
          process,
          log,
          Integer.parseInt(ready.group(1)),
          Integer.parseInt(ready.group(2)),
          Integer.parseInt(ready.group(3)));
    } catch (Exception e) {
      throw new AssertionError("the server did not start", e);
    }
  }

  /** Starts {@code sluice serve} on free ports, with a public URL that does not depend on them. */
  static RunningServer serve(List<String> jvmOptions, Path media, Path data) {
    return serve(jvmOptions, Map.of(), media, data);
  }

  /** The same, with these variables in its environment. */
  static RunningServer serve(
      List<String> jvmOptions, Map<String, String> environment, Path media, Path data) {
    return start(
        jvmOptions,
        environment,
        List.of(
            "serve",
            "--port",
            "0",
            "--tls-port",
            "0",
            "--admin-port",
            "0",
            "--media",
            media.toString(),
            "--data",
            data.toString(),
            "--public-url",
            "http://origin.test:8080",
            "--public-url",
            "https://origin.test:8443"));
  }

  private static String readLine(BufferedReader out) {
    try {
      String line = out.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(List<String> jvmOptions, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("dev.sluice.origin.cli.Main");
    command.addAll(arguments);
    return command;
  }

  int httpPort() {
    return httpPort;
  }

  int httpsPort() {
    return httpsPort;
  }

  int adminPort() {
    return adminPort;
  }

  String httpBase() {
    return "http://127.0.0.1:" + httpPort;
  }

  /** What the server wrote to standard error. */
  String log() throws IOException {
    return Files.readString(log);
  }

  /** Any request by plain HTTP. The path is absolute, as it goes over the wire. */
  HttpResponse<byte[]> send(String method, String path, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create(httpBase() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(30));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  /** A POST of JSON, as a player's licence request. */
  HttpResponse<byte[]> post(String path, String json, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create(httpBase() + path))
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .header("content-type", "application/json")
            .timeout(Duration.ofSeconds(30));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(request.uri().toString(), e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The body of a GET that must be answered with 200. */
  byte[] get(String path) {
    var response = send("GET", path);
    if (response.statusCode() != 200) {
      throw new AssertionError(
          "GET %s: %d %s"
              .formatted(
                  path,
                  response.statusCode(),
                  new String(response.body(), StandardCharsets.UTF_8)));
    }
    return response.body();
  }

  /** The body of a GET by TLS that must be answered with 200; any certificate will do. */
  byte[] getByTls(String path) throws GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsAll()}, null);
    try (var client = HttpClient.newBuilder().sslContext(context).build()) {
      var uri = URI.create("https://127.0.0.1:" + httpsPort + path);
      var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build();
      var response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new AssertionError("GET %s: %d".formatted(uri, response.statusCode()));
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A connection of a client that keeps few bytes waiting; any certificate will do. */
  Socket connect(boolean tls, int receiveBytes) throws IOException {
    var plain = new Socket();
    plain.setReceiveBufferSize(receiveBytes);
    plain.setSoTimeout(30_000);
    plain.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), tls ? httpsPort : httpPort));
    if (!tls) {
      return plain;
    }
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustsAll()}, null);
      return context.getSocketFactory().createSocket(plain, "127.0.0.1", httpsPort, true);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** An extended one also answers for the name of the host. */
  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Ends the server as an operator does, and fails unless it exits with 0. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the server did not end within 30 s of SIGTERM");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
