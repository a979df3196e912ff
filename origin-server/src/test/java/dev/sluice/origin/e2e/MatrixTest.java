package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/MATRIX.md} says what the cases of {@link ForeignClientsTest} and {@link
 * MatrixPlaybackTest} show, and nothing else. {@code -Dsluice.matrix.write=true} writes it anew.
 */
final class MatrixTest {
  private static final Path FILE = Path.of("..", "docs", "MATRIX.md");
  private static final Path PLAYERS = Path.of("src", "test", "players", "package.json");

  /** What the tests find on a machine, and so is not compared. */
  private static final String FOUND = "Found on the machine that wrote this: ";

  private static final Map<String, String> PACKAGES =
      Map.of(
          "dash.js", "dashjs",
          "hls.js", "hls.js",
          "RxPlayer", "rx-player",
          "Shaka Player", "shaka-player",
          "Shaka Player 4", "shaka-player-smooth");

  private static final Map<String, String> SEGMENTS =
      Map.of(
          "mpd-time-csf", "DASH | MP4 fragments, `mpd-time-csf`",
          "mpd-time-cmaf", "DASH | CMAF, `mpd-time-cmaf`",
          "m3u8-cmaf", "HLS | CMAF, `m3u8-cmaf`",
          "m3u8-aapl", "HLS | MPEG-2 TS, `m3u8-aapl`",
          "m3u8-aapl-v3", "HLS | MPEG-2 TS with audio in it, `m3u8-aapl-v3`",
          "", "Smooth 2.2 | PIFF fragments",
          "fmp4-v20", "Smooth 2.0 | PIFF fragments, `fmp4-v20`");

  private static List<Proof> proofs() {
    return Stream.concat(ForeignClientsTest.proofs(), MatrixPlaybackTest.proofs()).toList();
  }

  @Test
  void everyCellIsReadByAnother() {
    var read = proofs().stream().map(Proof::cell).distinct().toList();
    assertThat(read).containsExactlyInAnyOrderElementsOf(Cell.all().toList());
    assertThat(ForeignClientsTest.refused()).doesNotContainAnyElementsOf(read);
  }

  @Test
  void theFileSaysWhatTheTestsShow() throws IOException {
    if (Boolean.getBoolean("sluice.matrix.write")) {
      Files.writeString(FILE, text() + found());
    }
    assertThat(Files.exists(FILE) ? withoutFound(Files.readString(FILE)) : "")
        .as("docs/MATRIX.md; to write it anew: bin/test -Dsluice.matrix.write=true")
        .isEqualTo(text());
  }

  private static String text() throws IOException {
    return """
    # What is proved to play

    Written by `MatrixTest` from the cases of the tests that show it; a case that does not hold fails the
    suite, and so does this file when it says anything else. To write it anew:
    `bin/test -Dsluice.matrix.write=true`.

    A running server is asked over HTTP. *Equals the source* (`ForeignClientsTest`): a program that is not ours
    fetches manifest, keys and segments of %d titles, whose containers differ, and has the stored packets, or, of
    transport streams, the decoded pictures and sound of the stored ones; of the JDK's AES: the segments of the
    same form in the clear; of FFmpeg *as in DASH*: the samples, IVs and subsamples of the DASH segments that
    FFmpeg reads; of hls.js *as in the clear*: what it decrypts and appends is what it appends of the clear form.
    *Plays* (`MatrixPlaybackTest`): in a page of another origin pictures are decoded, time goes on, and the player
    tells no error; with a wrong key none of these players plays.

    | protocol | segments | scheme | %s |
    | --- | --- | --- |%s
    %s
    %s
    """
        .formatted(
            ForeignClientsTest.ownTitles(),
            Stream.of(Proof.Kind.values())
                .map(Proof.Kind::title)
                .collect(Collectors.joining(" | ")),
            " --- |".repeat(Proof.Kind.values().length),
            rows(),
            remarks());
  }

  private static String rows() {
    var rows = new ArrayList<String>();
    for (String format : Cell.all().map(Cell::format).distinct().toList()) {
      for (var cell : Cell.all().filter(c -> c.format().equals(format)).toList()) {
        rows.add(row(cell));
      }
      ForeignClientsTest.refused()
          .filter(c -> c.format().equals(format))
          .forEach(c -> rows.add(refusal(c)));
    }
    return String.join("\n", rows) + "\n";
  }

  private static String row(Cell cell) {
    return start(cell)
        + Stream.of(Proof.Kind.values())
            .map(kind -> " %s |".formatted(names(cell, kind)))
            .collect(Collectors.joining());
  }

  private static String names(Cell cell, Proof.Kind kind) {
    return proofs().stream()
        .filter(p -> p.cell().equals(cell) && p.kind() == kind)
        .map(Proof::by)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static String refusal(Cell cell) {
    return start(cell)
        + " refused: %s |".formatted(ForeignClientsTest.REFUSAL)
        + " |".repeat(Proof.Kind.values().length - 1);
  }

  private static String start(Cell cell) {
    return "| %s | %s |"
        .formatted(SEGMENTS.get(cell.format()), cell.encryption().replace("none", "clear"));
  }

  private static String remarks() throws IOException {
    return """
    - No browser here has PlayReady. `cenc` and `piff` in Smooth are played with the browser's ClearKey module under
      its name: manifest, PlayReady object, init segments and sample encryption boxes go through the players' own
      code for them, and Chromium or Firefox decrypts. Shaka Player 4 is given the key, and needs no module.
    - No client of Smooth Streaming reads `cbcs`, or fragments that are encrypted as a whole (`cbc`).
    - FFmpeg decrypts samples in transport streams wrongly, those of Shaka Packager too; Shaka Player refuses them.
    - hls.js takes sample encryption in CMAF by ClearKey only (`system=clearkey`).
    - Licences of PlayReady, Widevine and FairPlay cannot be had here: what manifests say for them is compared with
      Shaka Packager's, and played by no one.

    %s.
    """
        .formatted(versions());
  }

  /** The versions that the suite installs. */
  private static String versions() throws IOException {
    var dependencies = new ObjectMapper().readTree(PLAYERS.toFile()).path("dependencies");
    return PACKAGES.keySet().stream()
        .sorted()
        .map(name ->
            name.replace(" 4", "")
                + " "
                + dependencies.path(PACKAGES.get(name)).asText().replaceFirst(".*@", ""))
        .collect(Collectors.joining(", "));
  }

  private static String found() {
    return FOUND
        + String.join(
            ", ",
            version("ffmpeg", "-version"),
            version("chromium", "--version"),
            version("firefox-esr", "--version"))
        + ".\n";
  }

  private static String version(String command, String option) {
    return TestMedia.run(command, option).getFirst().replaceFirst("^(\\D*[\\d.]+).*", "$1");
  }

  private static String withoutFound(String text) {
    int at = text.indexOf(FOUND);
    return at < 0 ? text : text.substring(0, at);
  }
}
