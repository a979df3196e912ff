package dev.sluice.origin.cli;

import dev.sluice.origin.app.Server;
import dev.sluice.origin.catalog.DocumentReader;
import dev.sluice.origin.config.SettingsReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code sluice train}: a short life of a server, so that the JVM can write down what it loads and
 * compiles ({@code -XX:AOTCacheOutput}). It serves the demo title on loopback ports, asks itself
 * for every kind of answer, runs commands on a second catalog, and ends.
 */
@Command(
    name = "train",
    description = "Serves the demo title to itself for a moment, for -XX:AOTCacheOutput.",
    hidden = true,
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets it
final class TrainCommand implements Callable<Integer> {
  private static final Duration MOST = Duration.ofMinutes(10);
  private static final int TIMEOUT_MS = 10_000;
  private static final int ROUNDS = 2;

  /** A multivariant playlist names playlists, and those name segments. */
  private static final int PLAYLIST_DEPTH = 3;

  private static final String SETTINGS =
      """
      http-port: 0
      https-port: 0
      admin-port: 0
      bind: 127.0.0.1
      player-lists-assets: true
      """;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      required = true,
      description = "Its folder. With one of an earlier run, it starts as servers mostly do.")
  private Path work;

  @Override
  public Integer call() throws Exception {
    endAtLast();
    Path media = work.resolve("media");
    DemoCommand.unpack(Files.createDirectories(media.resolve("demo")));
    Path settings = Files.writeString(work.resolve("train.yaml"), SETTINGS);
    try (var server =
        Server.start(
            SettingsReader.read(settings, List.of()),
            media,
            work.resolve("data"),
            Optional.empty())) {
      server.catalog().apply(DocumentReader.read(DemoCommand.resource("demo.json")));
      for (int round = 0; round < ROUNDS; round++) {
        askForAll(server);
      }
    }
    runCommands();
    return SluiceCommand.DONE;
  }

  private static void askForAll(Server server) throws IOException {
    String base = "http://127.0.0.1:" + server.httpPort();
    ask(URI.create(base + "/player/"));
    for (var url : server.urls().of("demo")) {
      follow(URI.create(base + url.url()), PLAYLIST_DEPTH);
    }
    ask(URI.create("http://127.0.0.1:" + server.adminPort() + "/metrics"));
  }

  /** Asks for a manifest; of a playlist also for what it names last, down to a segment. */
  private static void follow(URI manifest, int depth) throws IOException {
    String body = ask(manifest);
    Optional<String> named =
        body.startsWith("#EXTM3U")
            ? body.lines()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .reduce((_, last) -> last)
            : Optional.empty();
    if (named.isPresent() && depth > 0) {
      follow(manifest.resolve(named.get()), depth - 1);
    }
  }

  /** The body of an answer, whatever its status: nothing depends on it. */
  private static String ask(URI uri) throws IOException {
    var connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MS);
    connection.setReadTimeout(TIMEOUT_MS);
    if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
      return "";
    }
    try (var in = connection.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void runCommands() throws IOException {
    Path documents =
        Files.write(work.resolve("demo.json"), DemoCommand.resource("demo.json")).toAbsolutePath();
    String data = Files.createTempDirectory(work, "catalog").toString();
    run("apply", "-f", documents.toString(), "--data", data);
    run("get", "Asset", "--data", data);
    run("urls", "demo", "--data", data, "--media", work.resolve("media").toString());
    run("key", "new");
  }

  private static void run(String... command) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    SluiceCommand.run(Map.of(), nowhere, nowhere, command);
  }

  /** Nobody waits for a training that hangs. */
  private static void endAtLast() {
    Thread.ofPlatform()
        .daemon()
        .name("train-end")
        .start(() -> {
          try {
            Thread.sleep(MOST);
          } catch (InterruptedException e) {
            return;
          }
          Runtime.getRuntime().halt(SluiceCommand.REFUSED);
        });
  }
}
