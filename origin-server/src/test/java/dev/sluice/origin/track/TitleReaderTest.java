package dev.sluice.origin.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.storage.FileObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TitleReaderTest {
  private final Path titles = TestTitles.root();
  @TempDir private Path root;

  @Test
  void takesEveryTrackWhereNoServerManifestIs() {
    Title title = read("ladder");
    assertThat(title.manifestName()).isEqualTo("show.ism");
    assertThat(title.tracks()).extracting(Track::name).containsExactly("video", "audio");
    Track video = title.tracks().getFirst();
    assertThat(video.codec().codecString(video.fourCc())).startsWith("avc1.64");
    assertThat(video.header().width()).isEqualTo(320);
    assertThat(video.fragments().durationTicks(0)).isEqualTo(2 * video.timescale());
    Track audio = title.tracks().getLast();
    assertThat(audio.codec()).isEqualTo(new AacConfig(2, 48_000, 2));
    assertThat(audio.language()).isEqualTo("en");
  }

  @Test
  void takesBothTracksOfAMultiplexedFile() {
    Title title = read("muxed");
    assertThat(title.tracks())
        .extracting(Track::kind)
        .containsExactly(TrackKind.VIDEO, TrackKind.AUDIO);
  }

  @Test
  void refusesProgressiveMp4ByName() {
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> read("plain"))
        .withMessage("progressive MP4 show.mp4 (expected: fragmented MP4)");
  }

  @Test
  void refusesAFileWhoseFirstSamplesLieInMoov() {
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> read("hybrid"))
        .withMessageStartingWith(
            "samples of track 1 in moov: 50 (expected: none in fragmented MP4) at moov, byte");
  }

  @Test
  void servesPrimingBeforeZeroFromZero() {
    TitleReport report =
        new TitleReader(new FileObjectStore(titles), 8).check("ismv", Optional.empty(), "show");
    Track audio = report.title().orElseThrow().of(TrackKind.AUDIO).getFirst();
    assertThat(audio.fragments().startTicks(0)).isZero();
    assertThat(report.problems()).hasSize(1).first().asString().contains("served from 0");
  }

  @Test
  void saysThatTheMediaIsNotThereYet() {
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> read("nothing"))
        .withMessage("the asset's media is not there yet")
        .satisfies(f -> assertThat(f.code()).isEqualTo(FailureCode.MPE_STORAGE_RESOURCE_NOT_FOUND));
  }

  @Test
  void takesWhatTheServerManifestNames() throws IOException {
    copyLadder();
    manifest(
        "show.ism",
        """
        <smil xmlns="http://www.w3.org/2001/SMIL20/Language"><body><switch>
          <video src="video.mp4" systemBitrate="400000"/>
          <video src="video.mp4" systemBitrate="400000"/>
          <audio src="audio.mp4" systemBitrate="96000" systemLanguage="ger">
            <param name="trackID" value="1" valuetype="data"/></audio>
          <audio src="audio.mp4" systemLanguage="fra">
            <param name="role" value="dub" valuetype="data"/></audio>
        </switch></body></smil>
        """);
    Title title = readCopy(Optional.empty());
    assertThat(title.manifestName()).isEqualTo("show.ism");
    assertThat(title.of(TrackKind.AUDIO))
        .extracting(Track::purpose)
        .containsExactly(Purpose.UNSTATED, new Purpose(Optional.of("dub"), Optional.empty()));
    assertThat(title.tracks())
        .extracting(t -> t.name() + " " + t.language())
        .containsExactly("video und", "video und", "audio_deu de", "audio_fra fr");
    assertThat(title.of(TrackKind.VIDEO))
        .extracting(Track::bitrate)
        .containsExactly(400_000L, 400_001L);
  }

  @Test
  void asksForTheNameOfOneOfTwoServerManifests() throws IOException {
    copyLadder();
    String smil = "<smil><body><switch><video src=\"video.mp4\"/></switch></body></smil>";
    manifest("a.ism", smil);
    manifest("b.ism", smil);
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> readCopy(Optional.empty()))
        .withMessage(
            "server manifests: 2 (expected: one, or the asset's manifest to name one)"
                + " at the server manifest");
    assertThat(readCopy(Optional.of("b.ism")).manifestName()).isEqualTo("b.ism");
  }

  @Test
  void changesItsRevisionWithAnyObject() throws IOException {
    copyLadder();
    String before = readCopy(Optional.empty()).revision();
    assertThat(readCopy(Optional.empty()).revision()).isEqualTo(before);
    Path audio = root.resolve("t").resolve("audio.mp4");
    Files.setLastModifiedTime(audio, java.nio.file.attribute.FileTime.fromMillis(1_000));
    assertThat(readCopy(Optional.empty()).revision()).isNotEqualTo(before);
  }

  @Test
  void tellsProblemsInsteadOfThrowing() {
    TitleReport report =
        new TitleReader(new FileObjectStore(titles), 8).check("plain", Optional.empty(), "show");
    assertThat(report.title()).isEmpty();
    assertThat(report.problems())
        .containsExactly("progressive MP4 show.mp4 (expected: fragmented MP4)");
  }

  private Title read(String folder) {
    return new TitleReader(new FileObjectStore(titles), 8).read(folder, Optional.empty(), "show");
  }

  private Title readCopy(Optional<String> manifest) {
    return new TitleReader(new FileObjectStore(root), 8).read("t", manifest, "show");
  }

  private void copyLadder() throws IOException {
    Path folder = Files.createDirectory(root.resolve("t"));
    for (String name : new String[] {"video.mp4", "audio.mp4"}) {
      Files.copy(titles.resolve("ladder").resolve(name), folder.resolve(name));
    }
  }

  private void manifest(String name, String text) throws IOException {
    Files.writeString(root.resolve("t").resolve(name), text);
  }
}
