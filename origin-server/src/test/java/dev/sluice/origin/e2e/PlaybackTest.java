package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.oracle.Browser;
import dev.sluice.origin.oracle.Browser.Player;
import dev.sluice.origin.oracle.Browser.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The protected demo title in a real browser, as {@code sluice demo} serves it. */
final class PlaybackTest {
  private static final int SECONDS = 10;

  /**
   * Of players that the matrix has in every scheme: here it is the origin of the page that counts.
   */
  private static final int ELSEWHERE_SECONDS = 4;

  private static final Duration FIRST_SEGMENTS_WITHIN = Duration.ofSeconds(30);
  private static final KeyId KEY =
      KeyId.parse("d3300000-51ce-4000-8000-000000000001").orElseThrow();

  @TempDir private static Path folder;
  private static RunningServer demo;

  @BeforeAll
  static void start() {
    demo = startDemo();
  }

  @AfterAll
  static void stop() {
    demo.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost"})
  void pagePlaysOverHttp(String host) {
    var seen = Browser.page("http://%s:%d/player/".formatted(host, demo.httpPort())).to(SECONDS);
    requirePlayed(seen.play());
  }

  @Test
  void pagePlaysOverHttpsAndAsksNothingOverHttp() {
    var seen = Browser.page(https("/player/")).to(SECONDS).play();
    requirePlayed(seen);
    assertThat(seen.requests()).isNotEmpty().allMatch(r -> r.url().startsWith("https://"));
  }

  @Test
  void pageTellsWhatItPlays() {
    var seen = Browser.page(demo.httpBase() + "/player/").to(1).play();
    var state = seen.all().path("state");
    assertThat(state.path("keySystem").asText()).isEqualTo("org.w3.clearkey");
    assertThat(state.path("scheme").asText()).isEqualTo("cenc");
    assertThat(state.path("keyIds")).extracting(id -> id.asText()).containsExactly(KEY.toString());
    assertThat(state.path("languages")).extracting(l -> l.asText()).containsExactly("en", "fr");
  }

  @ParameterizedTest
  @CsvSource({"DASHJS, http", "DASHJS, https", "RX, http", "RX, https", "SHAKA, https"})
  void playersOnPagesOfOtherOriginsPlay(Player player, String scheme) {
    String manifest = scheme.equals("http") ? demo.httpBase() + manifest() : https(manifest());
    requirePlayed(
        Browser.manifest(manifest, player).to(ELSEWHERE_SECONDS).play(), ELSEWHERE_SECONDS);
  }

  @ParameterizedTest
  @EnumSource(names = {"SHAKA", "DASHJS", "RX"})
  void noPlayerPlaysWithAWrongKey(Player player) {
    var wrong = "ff".repeat(16);
    var seen =
        Browser.manifest(demo.httpBase() + manifest(), player)
            .clearKeys(Map.of(KEY, wrong))
            .within(8)
            .play();
    assertThat(seen.ok()).as(seen.all().toString()).isFalse();
  }

  @Test
  void pageSaysThatThereIsNoSuchTitle() {
    var seen =
        Browser.page(demo.httpBase() + "/player/?url=/none/none.ism/manifest(format=mpd-time-csf)")
            .within(10)
            .play();
    assertThat(title(seen)).isEqualTo("Not found");
    assertThat(text(seen)).contains("The server says:").contains("MPE_");
  }

  @Test
  void pageSaysThatTheServerIsGone() throws Exception {
    Path log = folder.resolve("access.log");
    Path config = Files.writeString(folder.resolve("sluice.yaml"), "access-log: " + log + "\n");
    var server = startDemo("--config", config.toString());
    CompletableFuture<Seen> playing;
    try {
      var page = Browser.page(server.httpBase() + "/player/").to(29).within(60);
      playing = CompletableFuture.supplyAsync(page::play);
      awaitSegments(log, 3);
    } finally {
      server.close();
    }
    var seen = playing.get(100, TimeUnit.SECONDS);
    assertThat(seen.ok()).as(seen.all().toString()).isFalse();
    assertThat(title(seen)).isEqualTo("Server not reachable");
  }

  private static void awaitSegments(Path log, int count) throws IOException, InterruptedException {
    long end = System.nanoTime() + FIRST_SEGMENTS_WITHIN.toNanos();
    while (segments(log) < count) {
      assertThat(System.nanoTime()).as("time for segments").isLessThan(end);
      Thread.sleep(100);
    }
  }

  private static long segments(Path log) throws IOException {
    return Files.exists(log)
        ? Files.readAllLines(log).stream().filter(line -> line.contains("Fragments(video=")).count()
        : 0;
  }

  private static RunningServer startDemo(String... more) {
    var arguments =
        new java.util.ArrayList<>(
            List.of("demo", "--port", "0", "--tls-port", "0", "--admin-port", "-1"));
    arguments.addAll(List.of(more));
    return RunningServer.start(List.of(), arguments);
  }

  private static void requirePlayed(Seen seen) {
    requirePlayed(seen, SECONDS);
  }

  private static void requirePlayed(Seen seen, int seconds) {
    assertThat(seen.ok()).as(seen.all().toString()).isTrue();
    assertThat(seen.currentTime()).isGreaterThanOrEqualTo(seconds);
  }

  private static String title(Seen seen) {
    return seen.all().at("/error/title").asText();
  }

  private static String text(Seen seen) {
    return seen.all().at("/error/text").asText();
  }

  private static String https(String path) {
    return "https://127.0.0.1:" + demo.httpsPort() + path;
  }

  /** The path of the protected title's manifest, as the page gets it. */
  private static String manifest() {
    try {
      return new ObjectMapper()
          .readTree(demo.get("/player/assets.json"))
          .at("/0/manifests/0/url")
          .asText();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
