package dev.sluice.benchmarks.load;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code load}: plays sessions against a deployment, and reports what they met. */
@Command(
    name = "load",
    description = {
      "Plays sessions against the deployment that serves a manifest (DASH, HLS or Smooth Streaming),",
      "and reports what they met. Exit code: 0 without errors, 1 with some, 2 for wrong usage."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets them all
public final class LoadTool implements Callable<Integer> {
  private static final int NO_ERRORS = 0;
  private static final int ERRORS = 1;

  /** Of a file of tokens. */
  private static final long MAX_TOKEN_FILE_BYTES = 64 << 20;

  private static final int MAX_TOKEN_CHARS = 8192;

  /** For the report after Ctrl-C, before the JVM ends all the same. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  /** Descriptors of a session: HTTP/1.1 media and keys; HTTP/2 a selector's three beside. */
  private static final int DESCRIPTORS_HTTP1 = 2;

  private static final int DESCRIPTORS_HTTP2 = 5;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "MANIFEST",
      description = "Its URL.",
      converter = OptionValues.UrlValue.class)
  private URI manifest;

  @Option(names = "--sessions", paramLabel = "N", description = "Players at once; default 1.")
  private int sessions = 1;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = OptionValues.DurationValue.class,
      description =
          "How long to play, such as 30s or 5m: who is at the end starts again. Default: each plays"
              + " the title once.")
  private Duration duration;

  @Option(
      names = "--ramp",
      paramLabel = "TIME",
      converter = OptionValues.DurationValue.class,
      description = "Over which the starts are spread; default: all at once.")
  private Duration ramp = Duration.ZERO;

  @Option(
      names = "--pace",
      paramLabel = "PACE",
      description =
          "realtime (default): as a player that keeps 30 s in its buffer; full: without a pause.")
  private LoadSettings.Pace pace = LoadSettings.Pace.REALTIME;

  @Option(
      names = "--rendition",
      paramLabel = "WHICH",
      description = "lowest, highest, or random (default), by bitrate.")
  private LoadSettings.Choice rendition = LoadSettings.Choice.RANDOM;

  @Option(names = "--seed", paramLabel = "N", description = "Of what is random; default 1.")
  private long seed = 1;

  @Option(
      names = "--http",
      paramLabel = "VERSION",
      converter = OptionValues.HttpValue.class,
      description = "1.1 (default) or 2, which needs https.")
  private LoadSettings.Http http = LoadSettings.Http.HTTP_1_1;

  @Option(names = "--insecure", description = "Takes any certificate.")
  private boolean insecure;

  @Option(
      names = "--rate-limit",
      paramLabel = "BITS",
      converter = OptionValues.RateValue.class,
      description = "What each session reads a second at most, such as 800k or 5M.")
  private long rateLimitBits;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = OptionValues.DurationValue.class,
      description = "Of a connection, and of each wait for bytes; default 10s.")
  private Duration timeout = Duration.ofSeconds(10);

  @ArgGroup private Tokens tokens;

  @Option(
      names = "--token-everywhere",
      description =
          "Sends the token with manifests and segments too, to the manifest's server; else with"
              + " keys and licences alone.")
  private boolean tokenEverywhere;

  @Option(
      names = "--license-url",
      paramLabel = "URL",
      converter = OptionValues.UrlValue.class,
      description = "Where ClearKey licences are had if the manifest does not say.")
  private URI license;

  @Option(
      names = "--verify",
      description =
          "Checks the structure of every segment (boxes, or sync bytes), opened with its key where"
              + " all of it is encrypted.")
  private boolean verify;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the report as JSON too.")
  private Path json;

  private final AtomicReference<Runnable> stop;

  /** One token, or many. */
  private static final class Tokens {
    @Option(names = "--token", paramLabel = "TOKEN", description = "Sent as a bearer's.")
    private String token;

    @Option(
        names = "--tokens",
        paramLabel = "FILE",
        description = "Of tokens, one a line: the sessions take them in turn.")
    private Path file;
  }

  private LoadTool(AtomicReference<Runnable> stop) {
    this.stop = stop;
  }

  /** Runs the tool, and ends the JVM with its exit code. */
  public static void main(String[] args) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    var stop = new AtomicReference<Runnable>(() -> {});
    var reported = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  stop.get().run();
                  awaitQuietly(reported);
                }));
    int code = run(out, err, stop, args);
    out.flush();
    err.flush();
    reported.countDown();
    System.exit(code);
  }

  /**
   * Runs the tool.
   *
   * @param stop is set to what ends the run early
   * @return its exit code
   */
  static int run(PrintWriter out, PrintWriter err, AtomicReference<Runnable> stop, String... args) {
    return new CommandLine(new LoadTool(stop))
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((e, line, _) -> {
          line.getErr().println("load: " + (e instanceof IOException io ? io.getMessage() : e));
          return ERRORS;
        })
        .execute(args);
  }

  @Override
  public Integer call() throws Exception {
    var settings = settings();
    var err = spec.commandLine().getErr();
    warnOfDescriptors(settings, err);
    var run = new LoadRun(settings);
    stop.set(run::stop);
    var progress = new ProgressLine(run.stats(), err);
    var elapsed = run.run(progress::print);
    var report = LoadReport.of(settings, elapsed, run.stats());
    var out = spec.commandLine().getOut();
    out.print(TextReport.render(report));
    out.flush();
    if (json != null) {
      Files.writeString(json, JsonReport.render(report));
    }
    return report.errors() == 0 ? NO_ERRORS : ERRORS;
  }

  private LoadSettings settings() throws IOException {
    require(
        sessions >= 1 && sessions <= LoadSettings.MAX_SESSIONS,
        "--sessions: %d (expected: 1 to %d)".formatted(sessions, LoadSettings.MAX_SESSIONS));
    require(duration == null || !duration.isZero(), "--duration: 0 (expected: longer)");
    require(
        timeout.toMillis() >= 1 && timeout.toHours() < 1,
        "--timeout: %s (expected: 1ms to below 1h)".formatted(timeout));
    require(
        http == LoadSettings.Http.HTTP_1_1 || Urls.isTls(manifest),
        "--http: 2 over http (expected: a manifest of https)");
    require(
        duration == null || ramp.compareTo(duration) < 0,
        "--ramp: not below --duration (expected: shorter)");
    return new LoadSettings(
        manifest,
        sessions,
        Optional.ofNullable(duration),
        ramp,
        http,
        insecure,
        rateLimitBits,
        seed,
        verify,
        pace,
        rendition,
        timeout,
        readTokens(),
        tokenEverywhere,
        Optional.ofNullable(license));
  }

  private List<String> readTokens() throws IOException {
    if (tokens == null) {
      return List.of();
    }
    List<String> read =
        tokens.file == null
            ? List.of(tokens.token)
            : readLines(tokens.file).stream().map(String::strip).filter(t -> !t.isEmpty()).toList();
    require(!read.isEmpty(), "--tokens: no token in the file (expected: one a line)");
    for (String token : read) {
      // What is in a field of a request must not be able to end it.
      require(
          token.length() <= MAX_TOKEN_CHARS && token.matches("[\\x21-\\x7e]+"),
          "token: not one (expected: 1 to %d characters of ASCII without spaces)"
              .formatted(MAX_TOKEN_CHARS));
    }
    return read;
  }

  private List<String> readLines(Path file) throws IOException {
    require(
        Files.isReadable(file) && !Files.isDirectory(file),
        "--tokens: %s (expected: a file that can be read)".formatted(file));
    require(
        Files.size(file) <= MAX_TOKEN_FILE_BYTES,
        "--tokens: too large (expected: <= %d bytes)".formatted(MAX_TOKEN_FILE_BYTES));
    return Files.readAllLines(file);
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private static void warnOfDescriptors(LoadSettings settings, PrintWriter err) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      boolean http1 = settings.http() == LoadSettings.Http.HTTP_1_1;
      long needed =
          100L + (long) settings.sessions() * (http1 ? DESCRIPTORS_HTTP1 : DESCRIPTORS_HTTP2);
      if (system.getMaxFileDescriptorCount() < needed) {
        err.println(
            "load: file descriptors: at most %d (expected: %d for %d sessions; see ulimit -n)"
                .formatted(system.getMaxFileDescriptorCount(), needed, settings.sessions()));
      }
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** A line a second of what went on in it. */
  private static final class ProgressLine {
    private final LoadStats stats;
    private final PrintWriter err;
    private long beforeNanos;
    private long beforeRequests;
    private long beforeBytes;

    ProgressLine(LoadStats stats, PrintWriter err) {
      this.stats = stats;
      this.err = err;
    }

    void print(long elapsedNanos) {
      double seconds = Math.max(1e-3, (elapsedNanos - beforeNanos) / 1e9);
      long requests = stats.requests();
      long bytes = stats.bytes();
      err.println(
          String.format(
              Locale.ROOT,
              "%5.0f s  %d active  %.0f requests/s  %.1f Mbit/s  %d errors",
              elapsedNanos / 1e9,
              stats.active.get(),
              (requests - beforeRequests) / seconds,
              (bytes - beforeBytes) * 8 / 1e6 / seconds,
              stats.errors()));
      err.flush();
      beforeNanos = elapsedNanos;
      beforeRequests = requests;
      beforeBytes = bytes;
    }
  }
}
