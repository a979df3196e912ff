package dev.sluice.origin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at media: inspect, asset check, urls. */
final class MediaCommandsTest {
  private static final Path MEDIA = Path.of("src/main/resources/dev/sluice/origin");
  private static final Path VIDEO = MEDIA.resolve("demo/video_240.mp4");
  private static final Path DOCUMENTS = MEDIA.resolve("demo/demo.json");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder;

  @Test
  void inspectPrintsTheTreeAndNoObjectNames() {
    assertThat(run("inspect", VIDEO.toString())).isZero();
    assertThat(out.toString())
        .startsWith("ftyp  @0  28 bytes\n")
        .contains("\n            avc1  @", "TrackExtendsBox[", "trackId=1", "\nmdat  @")
        .doesNotContainPattern("@[0-9a-f]{6,8}\n");
    assertThat(err).hasToString("");
  }

  @Test
  void inspectSaysWhatItCannotRead() throws IOException {
    Path text = Files.writeString(folder.resolve("x.mp4"), "not media");
    assertThat(run("inspect", "/none.mp4")).isEqualTo(1);
    assertThat(run("inspect", "http://127.0.0.1:1/x")).isEqualTo(1);
    assertThat(run("inspect", text.toString())).isEqualTo(1);
    assertThat(run("inspect")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(
            """
            sluice: /none.mp4: no such file
            sluice: http://127.0.0.1:1/x: no answer (expected: a running server)
            """
                + "sluice: %s: ".formatted(text));
  }

  @Test
  void assetCheckPrintsTheTracks() throws IOException {
    assertThat(run("asset", "check", demo().toString())).isZero();
    assertThat(out.toString().lines())
        .contains(
            "video video bitrate=120000 codec=avc1.640015 language=und fragments=15 seconds=30.000"
                + " in demo/video_240.mp4")
        .hasSize(2);
    assertThat(err).hasToString("");
  }

  @Test
  void assetCheckFailsOnAFileThatIsCutShort() throws IOException {
    Path broken = Files.createDirectory(folder.resolve("broken"));
    Files.write(broken.resolve("v.mp4"), Arrays.copyOf(Files.readAllBytes(VIDEO), 100_000));
    assertThat(run("asset", "check", broken.toString())).isEqualTo(1);
    assertThat(out.toString()).startsWith("problem: ");
    assertThat(err).hasToString("sluice: the container cannot be served as it is\n");
  }

  @Test
  void urlsAreThoseOfTheLocator() throws IOException {
    String data = folder.resolve("data").toString();
    assertThat(run("apply", "-f", DOCUMENTS.toString(), "--data", data)).isZero();
    demo();
    out.getBuffer().setLength(0);
    assertThat(run("urls", "demo", "--data", data, "--media", folder.toString())).isZero();
    String ism = "http://127.0.0.1:8080/d3300000-51ce-4000-8000-00000000000a/demo.ism/";
    assertThat(out.toString().lines())
        .contains(
            "DASH cenc " + ism + "manifest(format=mpd-time-csf,encryption=cenc)",
            "HLS cbcs " + ism + "manifest(format=m3u8-cmaf,encryption=cbcs)",
            "Smooth cenc " + ism + "manifest(encryption=cenc)")
        .noneMatch(line -> line.contains("clear") || line.contains("cbc)"));
    out.getBuffer().setLength(0);
    assertThat(
            run(
                "urls",
                "demo-clear",
                "--data",
                data,
                "--media",
                folder.toString(),
                "--public-url",
                "https://o.test"))
        .isZero();
    assertThat(out)
        .hasToString(
            """
            DASH clear https://o.test/demo-clear/demo-clear.ism/manifest(format=mpd-time-csf)
            DASH clear https://o.test/demo-clear/demo-clear.ism/manifest(format=mpd-time-cmaf)
            HLS clear https://o.test/demo-clear/demo-clear.ism/manifest(format=m3u8-cmaf)
            HLS clear https://o.test/demo-clear/demo-clear.ism/manifest(format=m3u8-aapl)
            HLS clear https://o.test/demo-clear/demo-clear.ism/manifest(format=m3u8-aapl-v3)
            Smooth clear https://o.test/demo-clear/demo-clear.ism/manifest
            Smooth clear https://o.test/demo-clear/demo-clear.ism/manifest(format=fmp4-v20)
            """);
    assertThat(run("urls", "none", "--data", data)).isEqualTo(1);
    assertThat(err).hasToString("sluice: there is no such asset\n");
  }

  @Test
  void readsNothingFromAFolderThatIsNotThere() {
    Path none = folder.resolve("none");
    assertThat(run("urls", "demo", "--data", none.toString())).isEqualTo(1);
    assertThat(run("get", "Asset", "--data", none.toString())).isEqualTo(1);
    String refusal = "sluice: --data: %s (expected: a folder that exists)\n".formatted(none);
    assertThat(err).hasToString(refusal + refusal);
    assertThat(none).doesNotExist();
  }

  /** A container with one picture track and one of sound. */
  private Path demo() throws IOException {
    Path demo = Files.createDirectory(folder.resolve("demo"));
    Files.copy(VIDEO, demo.resolve("video_240.mp4"));
    Files.copy(MEDIA.resolve("demo/audio_eng.mp4"), demo.resolve("audio_eng.mp4"));
    return demo;
  }

  private int run(String... args) {
    return SluiceCommand.run(
        Map.of(), new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}
