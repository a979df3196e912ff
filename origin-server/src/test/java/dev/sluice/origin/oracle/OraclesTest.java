package dev.sluice.origin.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.KeyId;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The oracles and the player page, held against each other and the bundled title, without the
 * server: an oracle that accepts a wrong key proves nothing.
 */
final class OraclesTest {
  private static final KeyId KEY_ID =
      KeyId.parse("d3300000-51ce-4000-8000-000000000001").orElseThrow();
  private static final String KEY = "000102030405060708090a0b0c0d0e0f";
  private static final String WRONG_KEY = "ff0102030405060708090a0b0c0d0e0f";
  private static final String IV = "00112233445566778899aabbccddeeff";
  private static final Path RESOURCES = Path.of("src/main/resources/dev/sluice/origin");
  private static final Path VIDEO = RESOURCES.resolve("demo/video_240.mp4");
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
  @EnumSource
  void playersPlayWithTheRightKeyOnly(Browser.Player player) throws IOException {
    packageTitle();
    try (var origin = new Origin(folder, KEY)) {
      String manifest = origin.url("/title/m.mpd");

      var right = Browser.manifest(manifest, player).to(2).clearKeys(Map.of(KEY_ID, KEY)).play();
      assertThat(right.ok()).as(right.all().toString()).isTrue();

      var wrong = Browser.manifest(manifest, player).within(8).clearKeys(Map.of(KEY_ID, WRONG_KEY));
      assertThat(wrong.play().ok()).isFalse();
    }
  }

  @Test
  void playerPagePlaysAProtectedTitle() throws IOException {
    packageTitle();
    try (var origin = new Origin(folder, KEY)) {
      origin.nameLicenceServer(folder.resolve("m.mpd"));
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

  @Test
  void playerPageSaysThatTheKeyIsWrong() throws IOException {
    packageTitle();
    try (var origin = new Origin(folder, WRONG_KEY)) {
      origin.nameLicenceServer(folder.resolve("m.mpd"));
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

  private void packageTitle() {
    ShakaPackager.run(
        List.of(
            "in=%s,stream=video,init_segment=%s,segment_template=%s"
                .formatted(VIDEO, folder.resolve("init.mp4"), folder.resolve("$Number$.m4s")),
            "--enable_raw_key_encryption",
            "--keys",
            "key_id=%s:key=%s".formatted(ShakaPackager.hex(KEY_ID), KEY),
            "--protection_systems",
            "Common",
            "--clear_lead",
            "0",
            "--segment_duration",
            "2",
            "--generate_static_live_mpd",
            "--mpd_output",
            folder.resolve("m.mpd").toString()));
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
                  RESOURCES.resolve("player") + "," + PACKED,
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
