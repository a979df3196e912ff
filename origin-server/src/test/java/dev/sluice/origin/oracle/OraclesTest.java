package dev.sluice.origin.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.oracle.Browser.Engine;
import dev.sluice.origin.oracle.Browser.Player;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The oracles and the player page, held against each other and the bundled title, without the
 * server: an oracle that accepts a wrong key proves nothing.
 */
final class OraclesTest {
  private static final KeyId KEY_ID = ReferenceTitle.KEY_ID;
  private static final String KEY = ReferenceTitle.KEY;
  private static final String WRONG_KEY = ReferenceTitle.WRONG_KEY;
  private static final String IV = ReferenceTitle.IV;
  private static final Path VIDEO = ReferenceTitle.VIDEO;
  private static final Path PAGE = Path.of("src/main/resources/dev/sluice/origin/player");
  private static final Path PACKED = Path.of("target/classes/dev/sluice/origin/player");

  @TempDir private Path folder;

  @Test
  void shakaPackagerDecryptsWhatItEncrypted() {
    Path encrypted = folder.resolve("encrypted.mp4");
    Path decrypted = folder.resolve("decrypted.mp4");
    ShakaPackager.encrypt(VIDEO, "video", encrypted, KEY_ID, KEY, IV, "cbcs");
    ShakaPackager.decrypt(encrypted, "video", decrypted, Map.of(KEY_ID, KEY));

    assertThat(Ffmpeg.packetHashes(Ffmpeg.Input.file(decrypted)))
        .isEqualTo(Ffmpeg.packetHashes(Ffmpeg.Input.file(VIDEO)));
  }

  @Test
  void ffmpegTellsTheRightKeyFromAWrongOne() throws IOException {
    Path encrypted = folder.resolve("encrypted.mp4");
    ShakaPackager.encrypt(VIDEO, "video", encrypted, KEY_ID, KEY, IV, "cbcs");
    var clear = Ffmpeg.packetHashes(Ffmpeg.Input.file(VIDEO));
    var piped = Ffmpeg.Input.piped(Files.readAllBytes(encrypted));

    assertThat(clear.get(0)).hasSize(750);
    assertThat(Ffmpeg.packetHashes(piped.decryptedWith(KEY))).isEqualTo(clear);
    assertThat(Ffmpeg.packetHashes(piped.decryptedWith(WRONG_KEY))).isNotEqualTo(clear);
  }

  @ParameterizedTest
  @CsvSource({"SHAKA, CHROMIUM, cenc", "RX, CHROMIUM, cenc", "DASHJS, FIREFOX, cbcs"})
  void dashPlaysWithTheRightKeyOnly(Player player, Engine engine, String scheme)
      throws IOException {
    new ReferenceTitle(folder).packaged(scheme);
    try (var origin = new Origin(folder, KEY)) {
      var dash = Browser.manifest(origin.url("/title/" + scheme + ".mpd"), player).in(engine).to(2);
      requirePlayed(dash.clearKeys(Map.of(KEY_ID, KEY)).play());
      requireNotPlayed(dash.clearKeys(Map.of(KEY_ID, WRONG_KEY)).within(8).play());
    }
  }

  @ParameterizedTest
  @CsvSource({"SHAKA, CHROMIUM, cbcs, identity", "HLSJS, FIREFOX, cbcs, org.w3.clearkey"})
  void hlsPlaysWithTheRightKeyOnly(Player player, Engine engine, String scheme, String keyFormat)
      throws IOException {
    new ReferenceTitle(folder).packaged(scheme).withKeyFormat(scheme, keyFormat);
    String path = "/title/%s-%s.m3u8".formatted(scheme, keyFormat);
    requirePlaysWithTheRightKeyOnly(path, player, engine);
  }

  @ParameterizedTest
  @CsvSource({"SHAKA, CHROMIUM", "HLSJS, FIREFOX"})
  void aes128PlaysWithTheRightKeyOnly(Player player, Engine engine) throws IOException {
    new ReferenceTitle(folder).aes128();
    requirePlaysWithTheRightKeyOnly("/title/aes.m3u8", player, engine);
  }

  /** What hls.js decrypts in a transport stream, it decrypts itself: the key is a plain one. */
  @Test
  void sampleAesInTransportStreamPlaysWithTheRightKeyOnly() throws IOException {
    new ReferenceTitle(folder).transportStream();
    requirePlaysWithTheRightKeyOnly("/title/ts.m3u8", Player.HLSJS, Engine.CHROMIUM);
  }

  /** RxPlayer does not play Smooth in Firefox. */
  @ParameterizedTest
  @CsvSource({"SHAKA4_SMOOTH, CHROMIUM", "RX_SMOOTH, CHROMIUM", "DASHJS_MSS, FIREFOX"})
  void smoothPlays(Player player, Engine engine) throws IOException {
    new ReferenceTitle(folder).smooth();
    try (var origin = new Origin(folder, KEY)) {
      String manifest = origin.url("/title/smooth.ism/manifest");
      requirePlayed(Browser.manifest(manifest, player).in(engine).to(2).play());
    }
  }

  private void requirePlaysWithTheRightKeyOnly(String path, Player player, Engine engine)
      throws IOException {
    try (var right = new Origin(folder, KEY);
        var wrong = new Origin(folder, WRONG_KEY)) {
      requirePlayed(Browser.manifest(right.url(path), player).in(engine).to(2).play());
      requireNotPlayed(Browser.manifest(wrong.url(path), player).in(engine).to(2).within(8).play());
    }
  }

  private static void requirePlayed(Browser.Seen seen) {
    assertThat(seen.ok()).as(seen.all().toString()).isTrue();
  }

  private static void requireNotPlayed(Browser.Seen seen) {
    assertThat(seen.ok()).as(seen.all().toString()).isFalse();
    assertThat(seen.frames()).as(seen.all().toString()).isLessThan(25);
  }

  @Test
  void playerPagePlaysAProtectedTitle() throws IOException {
    new ReferenceTitle(folder).packaged("cenc");
    list("DASH", "mpd-time-csf", "cenc", "/title/cenc.mpd");
    try (var origin = new Origin(folder, KEY)) {
      origin.nameLicenceServer(folder.resolve("cenc.mpd"));
      var seen =
          Browser.page(origin.url("/player/"))
              .to(2)
              .screenshot(Path.of("target", "player-page.png"))
              .play();

      assertThat(seen.ok()).as(seen.all().toString()).isTrue();
      assertThat(seen.all().at("/state/keySystem").asText()).isEqualTo("org.w3.clearkey");
      assertThat(seen.all().at("/state/keyIds/0").asText()).isEqualTo(KEY_ID.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({"shaka, aes, cbc, null", "hlsjs, cbcs-org.w3.clearkey, cbcs, org.w3.clearkey"})
  void playerPagePlaysHls(String player, String name, String scheme, String keySystem)
      throws IOException {
    var title = new ReferenceTitle(folder);
    if (scheme.equals("cbc")) {
      title.aes128();
    } else {
      title.packaged(scheme).withKeyFormat(scheme, name.substring(scheme.length() + 1));
    }
    list("HLS", "m3u8-cmaf", scheme, "/title/" + name + ".m3u8");
    try (var origin = new Origin(folder, KEY)) {
      var seen = Browser.page(origin.url("/player/?protocol=hls&player=" + player)).to(2).play();

      requirePlayed(seen);
      assertThat(seen.all().at("/state/player").asText()).isEqualTo(player);
      assertThat(seen.all().at("/state/keySystem").asText()).isEqualTo(keySystem);
    }
  }

  @Test
  void playerPageSaysWhyAWayDoesNotPlay() throws IOException {
    list("Smooth", "", "clear", "/title/smooth.ism/manifest");
    try (var origin = new Origin(folder, KEY)) {
      var seen =
          Browser.page(origin.url("/player/?protocol=smooth"))
              .within(10)
              .width(400)
              .screenshot(Path.of("target", "player-page-narrow.png"))
              .play();

      assertThat(seen.all().at("/error/title").asText()).isEqualTo("Does not play here");
      assertThat(seen.all().at("/error/text").asText()).contains("no Smooth Streaming");
    }
  }

  @Test
  void playerPageKnowsWhatPlays() {
    var command = List.of("node", "--test", Players.FOLDER.resolve("ways.test.mjs").toString());
    var ended = Command.run(Duration.ofSeconds(30), Optional.empty(), command);
    assertThat(ended.status()).as(ended.output()).isZero();
  }

  @Test
  void playerPageSaysThatTheKeyIsWrong() throws IOException {
    new ReferenceTitle(folder).packaged("cenc");
    list("DASH", "mpd-time-csf", "cenc", "/title/cenc.mpd");
    try (var origin = new Origin(folder, WRONG_KEY)) {
      origin.nameLicenceServer(folder.resolve("cenc.mpd"));
      var seen = Browser.page(origin.url("/player/")).within(10).play();

      assertThat(seen.all().at("/error/title").asText())
          .as(seen.all().toString())
          .isEqualTo("Wrong key");
    }
  }

  @Test
  void playerPageSaysWhatTheServerRefused() throws IOException {
    try (var origin = new Origin(folder, KEY)) {
      var seen = Browser.page(origin.url("/player/?url=/title/none.mpd")).within(10).play();

      assertThat(seen.all().at("/error/title").asText()).isEqualTo("Not found");
      assertThat(seen.all().at("/error/text").asText())
          .isEqualTo("The server says: there is no /title/none.mpd [MPE_RESOURCE_NOT_FOUND]");
    }
  }

  /** Writes the list of what there is to play, one manifest. */
  private void list(String protocol, String format, String scheme, String url) throws IOException {
    Files.writeString(
        folder.resolve("assets.json"),
        """
        [{"name": "demo", "manifests":
          [{"protocol": "%s", "format": "%s", "scheme": "%s", "url": "%s"}]}]
        """
            .formatted(protocol, format, scheme, url));
  }

  /** The stand-in for the server. */
  private static final class Origin implements AutoCloseable {
    private static final String COMMON_SYSTEM =
        "<ContentProtection schemeIdUri=\"urn:uuid:1077efec-c0b2-4d02-ace3-3c1e52e2fb4b\">";
    private final Process process;
    private final String base;

    Origin(Path title, String keyHex) throws IOException {
      process =
          new ProcessBuilder(
                  "node",
                  Players.FOLDER.resolve("static-origin.mjs").toString(),
                  "--title",
                  title.toString(),
                  "--page",
                  PAGE + "," + PACKED,
                  "--keys",
                  ShakaPackager.hex(KEY_ID) + "=" + keyHex)
              .redirectError(Redirect.INHERIT)
              .start();
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      base = "http://127.0.0.1:" + out.readLine();
    }

    String url(String path) {
      return base + path;
    }

    /** Writes into a manifest where licences are to be had, as DASH-IF has it. */
    void nameLicenceServer(Path manifest) throws IOException {
      String laurl =
          "<dashif:Laurl xmlns:dashif=\"https://dashif.org/CPS\">%s/keys/ClearKey/</dashif:Laurl>"
              .formatted(base);
      String clearKey =
          "<ContentProtection schemeIdUri=\"urn:uuid:e2719d58-a985-b3c9-781a-b030af78d30e\">%s</ContentProtection>"
              .formatted(laurl);
      String text = Files.readString(manifest);
      Files.writeString(manifest, text.replace(COMMON_SYSTEM, clearKey + COMMON_SYSTEM + laurl));
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
