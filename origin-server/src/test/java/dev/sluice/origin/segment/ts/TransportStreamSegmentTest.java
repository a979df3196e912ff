package dev.sluice.origin.segment.ts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.oracle.Ffmpeg;
import dev.sluice.origin.track.Track;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clear segments of titles that ffmpeg made, read by a strict parser and by ffmpeg. */
final class TransportStreamSegmentTest {
  @TempDir Path folder;

  static Stream<String> titles() {
    return TsTitles.ALL.stream();
  }

  /** A sample of the source: its bytes, and its times on the 90 kHz clock of the output. */
  private record Source(List<byte[]> samples, List<Long> presentation) {

    static Source of(Track track) {
      var samples = new ArrayList<byte[]>();
      var presentation = new ArrayList<Long>();
      for (int f = 0; f < track.fragments().count(); f++) {
        var table = TsTitles.samples(track, f);
        long ticks = track.fragments().startTicks(f);
        for (int i = 0; i < table.count(); i++) {
          samples.add(TsTitles.bytes(track, table, i));
          long time = ticks + table.compositionOffsetTicks(i) - track.header().editMediaTimeTicks();
          presentation.add(
              BigDecimal.valueOf(time)
                  .multiply(BigDecimal.valueOf(90_000))
                  .divide(BigDecimal.valueOf(track.timescale()), 0, RoundingMode.HALF_UP)
                  .longValueExact());
          ticks += table.durationTicks(i);
        }
      }
      return new Source(samples, presentation);
    }
  }

  @ParameterizedTest
  @MethodSource("titles")
  void carriesEveryPictureAtItsTime(String title) {
    var video = TsTitles.track(title, TrackKind.VIDEO);
    requirePictures(video, TsParser.parse(Segments.all(false, video)));
  }

  @ParameterizedTest
  @MethodSource("titles")
  void carriesEveryFrameAtItsTime(String title) {
    var audio = TsTitles.track(title, TrackKind.AUDIO);
    var parsed = TsParser.parse(Segments.all(false, audio));
    assertThat(parsed.pcrs).isGreaterThanOrEqualTo(parsed.pes.size());
    requireFrames(audio, parsed);
  }

  @ParameterizedTest
  @MethodSource("titles")
  void muxesEverySampleOnceAndInOrder(String title) {
    var video = TsTitles.track(title, TrackKind.VIDEO);
    var audio = TsTitles.track(title, TrackKind.AUDIO);
    byte[][] segments = Segments.all(false, video, audio);
    var parsed = TsParser.parse(segments);
    requirePictures(video, parsed);
    requireFrames(audio, parsed);
    for (byte[] segment : segments) {
      var part = TsParser.parse(segment);
      long pictures = part.of(ProgramTables.VIDEO_PID).getFirst().pts();
      long sound = part.of(ProgramTables.AUDIO_PID).getFirst().pts();
      // What begins within a segment is in it: an audio frame is no longer than 24 ms.
      assertThat(sound - pictures).as("audio behind video").isBetween(-9_000L, 2_200L);
      requireInterleaved(part);
    }
  }

  /** By their decode times, which those of pictures may be before by what a picture waits. */
  private static void requireInterleaved(TsParser segment) {
    long latest = 0;
    for (var pes : segment.inOrderOfStarts()) {
      assertThat(pes.dts()).as("DTS against those before").isGreaterThan(latest - 20_000);
      latest = Math.max(latest, pes.dts());
    }
  }

  private static void requirePictures(Track video, TsParser parsed) {
    var source = Source.of(video);
    var pes = parsed.of(ProgramTables.VIDEO_PID);
    assertThat(pes).hasSize(source.samples().size());
    assertThat(parsed.packets(ProgramTables.VIDEO_PID) % 16).isZero();
    assertThat(parsed.stream(ProgramTables.VIDEO_PID).type()).isEqualTo(0x1b);
    for (int i = 0; i < pes.size(); i++) {
      var unit = pes.get(i);
      assertThat(unit.pts() - 900_000)
          .as("PTS of picture %d", i)
          .isEqualTo(source.presentation().get(i));
      assertThat(unit.pts() - unit.dts()).isLessThanOrEqualTo(18_000);
      assertThat(unit.pcr()).as("PCR of picture %d", i).isNotNegative();
      assertThat(unit.wholeHeaderInFirstPacket()).isTrue();
      requirePicture(unit, source.samples().get(i));
    }
  }

  private static void requirePicture(TsParser.Pes unit, byte[] sample) {
    var nals = Segments.nals(unit.payload());
    assertThat(nals.getFirst()).containsExactly(0x09, 0xf0);
    var expected =
        Segments.lengthPrefixed(sample).stream().filter(nal -> (nal[0] & 0x1f) != 9).toList();
    boolean idr = expected.stream().anyMatch(nal -> (nal[0] & 0x1f) == 5);
    assertThat(unit.randomAccess()).isEqualTo(idr);
    var rest = nals.subList(1, nals.size());
    if (idr) {
      assertThat(rest.get(0)[0] & 0x1f).isEqualTo(7);
      assertThat(rest.get(1)[0] & 0x1f).isEqualTo(8);
      rest = rest.subList(2, rest.size());
    }
    assertThat(rest).hasSameSizeAs(expected);
    for (int i = 0; i < rest.size(); i++) {
      assertThat(rest.get(i)).isEqualTo(expected.get(i));
    }
  }

  private static void requireFrames(Track audio, TsParser parsed) {
    var source = Source.of(audio);
    assertThat(parsed.packets(ProgramTables.AUDIO_PID) % 16).isZero();
    assertThat(parsed.stream(ProgramTables.AUDIO_PID).type()).isEqualTo(0x0f);
    int at = 0;
    for (var unit : parsed.of(ProgramTables.AUDIO_PID)) {
      assertThat(unit.pts() - 900_000)
          .as("PTS of frame %d", at)
          .isEqualTo(source.presentation().get(at));
      for (byte[] frame : Segments.frames(unit.payload())) {
        assertThat(frame).isEqualTo(source.samples().get(at));
        at++;
      }
    }
    assertThat(at).isEqualTo(source.samples().size());
  }

  /** Continuity and order are checked by the parser over the whole. */
  @ParameterizedTest
  @MethodSource("titles")
  void isDecodedByFfmpegToWhatItsSourceIs(String title) throws IOException {
    var video = TsTitles.track(title, TrackKind.VIDEO);
    var audio = TsTitles.track(title, TrackKind.AUDIO);
    Path muxed = folder.resolve("muxed.ts");
    Files.write(muxed, Segments.concat(Segments.all(false, video, audio)));
    var decoded = Ffmpeg.frameHashes(Ffmpeg.Input.file(muxed));
    var expected = new ArrayList<List<String>>();
    for (Path file :
        List.of(TsTitles.file(video), TsTitles.file(audio)).stream().distinct().toList()) {
      // ffmpeg would cut by the edit list what a transport stream has to carry.
      expected.addAll(
          Ffmpeg.frameHashes(Ffmpeg.Input.file(file).with("-ignore_editlist", "1")).values());
    }
    assertThat(decoded.get(0)).isEqualTo(expected.get(0));
    assertThat(decoded.get(1)).isEqualTo(expected.get(1));
    if (!title.equals(TsTitles.SMOOTH)) {
      // ffmpeg's Smooth writer gives the first two audio frames the same time.
      assertThat(Ffmpeg.complaints(Ffmpeg.Input.file(muxed))).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("titles")
  void givesTheSameBytesForAnyRange(String title) {
    var video = TsTitles.track(title, TrackKind.VIDEO);
    var audio = TsTitles.track(title, TrackKind.AUDIO);
    var random = new Random(7);
    try (var body = Segments.muxed(1, true, video, audio)) {
      byte[] whole = Segments.read(body);
      for (int i = 0; i < 300; i++) {
        int from = random.nextInt(whole.length + 1);
        int length = random.nextInt(Math.min(whole.length - from, 1 << random.nextInt(18)) + 1);
        assertThat(Segments.read(body, from, length))
            .isEqualTo(Arrays.copyOfRange(whole, from, from + length));
      }
      for (int piece : new int[] {187, 188, 1000, 65_536}) {
        var cut = new ArrayList<byte[]>();
        for (int at = 0; at < whole.length; at += piece) {
          cut.add(Segments.read(body, at, Math.min(piece, whole.length - at)));
        }
        assertThat(Segments.concat(cut.toArray(byte[][]::new))).isEqualTo(whole);
      }
    }
  }
}
