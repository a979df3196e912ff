package dev.sluice.origin.segment.ts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.media.TrackKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Samples made by hand: the smallest, the largest, and those that are refused. */
final class TransportStreamEdgesTest {
  private static final byte[] IDR = HandMade.nal(0x65, 300);
  private static final byte[] SLICE = HandMade.nal(0x41, 300);

  @Test
  void givesAPictureWithoutBytesItsSixteenPackets() {
    var parsed = parse(TrackKind.VIDEO, HandMade.of(new byte[0]));
    assertThat(parsed.packets(ProgramTables.VIDEO_PID)).isEqualTo(16);
    assertThat(Segments.nals(parsed.pes.getFirst().payload()))
        .extracting(nal -> nal[0] & 0x1f)
        .containsExactly(9, 7, 8);
  }

  @Test
  void spreadsAudioOfAnySizeOverSixteenTimesPackets() {
    for (int size = 0; size < 400; size++) {
      byte[] frame = new byte[size];
      Arrays.fill(frame, (byte) size);
      var parsed = parse(TrackKind.AUDIO, HandMade.of(frame));
      assertThat(parsed.packets(ProgramTables.AUDIO_PID)).as("packets").isEqualTo(16);
      assertThat(Segments.frames(parsed.pes.getFirst().payload())).containsExactly(frame);
    }
  }

  @Test
  void spreadsAnyNumberOfFrames() {
    for (int count = 1; count < 60; count++) {
      byte[][] frames = new byte[count][];
      for (int i = 0; i < count; i++) {
        frames[i] = HandMade.nal(i, 150 + i);
      }
      byte[] first = HandMade.of(frames).segment(TrackKind.AUDIO, false);
      var next = HandMade.of(frames);
      next.startTicks = count * 1024L;
      next.number = 1;
      var parsed = TsParser.parse(first, next.segment(TrackKind.AUDIO, false));
      var found = new ArrayList<byte[]>();
      parsed.pes.forEach(pes -> found.addAll(Segments.frames(pes.payload())));
      assertThat(found).hasSize(2 * count);
      assertThat(parsed.pes.get(1).pts() - parsed.pes.get(0).pts())
          .isEqualTo(Math.min(count, 4) * 1920L);
    }
  }

  @Test
  void writesPicturesLongerThanAPesLengthCanSay() {
    byte[] picture = HandMade.avc(HandMade.nal(0x65, 200_000), HandMade.nal(0x65, 70_000));
    var parsed = parse(TrackKind.VIDEO, HandMade.of(picture, HandMade.avc(SLICE)));
    assertThat(Segments.nals(parsed.pes.getFirst().payload()).subList(3, 5))
        .containsExactlyElementsOf(Segments.lengthPrefixed(picture));
  }

  @Test
  void writesDelimitersAnewAndDropsNothingElse() {
    byte[] delimiter = {0x09, 0x10};
    byte[] sei = HandMade.nal(0x06, 20);
    byte[] filler = HandMade.nal(0x0c, 30);
    byte[] layer = HandMade.nal(0x14, 60);
    var parsed =
        parse(
            TrackKind.VIDEO,
            HandMade.of(
                HandMade.avc(delimiter, sei, new byte[0], IDR),
                HandMade.avc(delimiter, SLICE, filler, layer)));
    assertThat(Segments.nals(parsed.pes.get(0).payload()))
        .extracting(nal -> nal[0] & 0x1f)
        .containsExactly(9, 7, 8, 6, 5);
    assertThat(Segments.nals(parsed.pes.get(1).payload()))
        .containsExactly(new byte[] {0x09, (byte) 0xf0}, SLICE, filler, layer);
  }

  @Test
  void leavesParameterSetsInTheSampleAlone() {
    byte[] sps = HandMade.nal(0x67, 12);
    byte[] pps = HandMade.nal(0x68, 6);
    var parsed = parse(TrackKind.VIDEO, HandMade.of(HandMade.avc(sps, pps, IDR)));
    assertThat(Segments.nals(parsed.pes.getFirst().payload()))
        .containsExactly(new byte[] {0x09, (byte) 0xf0}, sps, pps, IDR);
  }

  /** A group of pictures with offsets far below what the track's header makes one expect. */
  @Test
  void neverPresentsAPictureBeforeItIsDecoded() {
    int[] offsets = {0, 9 * 512, -512, -512 * 8, -512 * 8, -512 * 2, 0, -512 * 3};
    byte[][] samples = new byte[offsets.length][];
    Arrays.fill(samples, HandMade.avc(SLICE));
    var parsed = parse(TrackKind.VIDEO, HandMade.of(offsets, 512, samples));
    for (int i = 0; i < offsets.length; i++) {
      assertThat(parsed.pes.get(i).pts())
          .isEqualTo(900_000 + Math.round((i * 512L + offsets[i]) * 90_000 / 15_360.0));
    }
  }

  @Test
  void wrapsTimesAt33Bits() {
    var late = HandMade.of(HandMade.avc(IDR));
    // 15,360 ticks a second: 1,000 s behind the wrap, 10 s of which are the clock's start.
    late.startTicks = 15_360 * ((1L << 33) / 90_000 + 1_000 - 10);
    var pes = parse(TrackKind.VIDEO, late).pes.getFirst();
    long expected = ((1L << 33) / 90_000 + 1_000) * 90_000 - (1L << 33);
    assertThat(pes.pts()).isEqualTo(expected);
  }

  @Test
  void convertsTimesOfALiveSourceExactly() {
    // Ticks of 100 ns since 1970.
    var clock = new StreamClock(10_000_000, 0);
    long ticks = 17_000_000_000_333_333L;
    assertThat(clock.at(ticks) - StreamClock.START).isEqualTo(153_000_000_003_000L);
    assertThat(clock.at(-1) - StreamClock.START).isZero();
    assertThat(clock.at(-111) - StreamClock.START).isEqualTo(-1);
  }

  @Test
  void takesCountersOfTablesFromTheSegmentsNumber() {
    var samples = HandMade.of(HandMade.avc(IDR));
    samples.number = 37;
    byte[] segment = samples.segment(TrackKind.VIDEO, false);
    assertThat(segment[3] & 0xf).isEqualTo(5);
    assertThat(segment[188 + 3] & 0xf).isEqualTo(5);
    assertThat(segment[2 * 188 + 3] & 0xf).isZero();
  }

  @Test
  void tellsOfAudioThatHasNothingForTheSegment() {
    try (var body =
        TransportStreamSegment.of(
            0,
            List.of(
                HandMade.of(HandMade.avc(IDR)).stream(TrackKind.VIDEO, false),
                HandMade.of().stream(TrackKind.AUDIO, false)))) {
      var parsed = TsParser.parse(Segments.read(body));
      assertThat(parsed.streams).containsOnlyKeys(ProgramTables.VIDEO_PID, ProgramTables.AUDIO_PID);
      assertThat(parsed.of(ProgramTables.AUDIO_PID)).isEmpty();
    }
  }

  @Test
  void closesItsReadersAndCiphers() {
    var samples = HandMade.of(HandMade.avc(IDR));
    var body = samples.body(TrackKind.VIDEO, true);
    body.close();
    assertThat(samples.closed).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> Segments.read(body));
  }

  @Test
  void refusesRangesOutsideOfIt() {
    try (var body = HandMade.of(HandMade.avc(IDR)).body(TrackKind.VIDEO, false)) {
      int length = Math.toIntExact(body.lengthBytes());
      assertThat(Segments.read(body, length, 0)).isEmpty();
      assertThatIllegalArgumentException().isThrownBy(() -> Segments.read(body, length, 1));
      assertThatIllegalArgumentException().isThrownBy(() -> Segments.read(body, -1, 1));
    }
  }

  @Test
  void refusesUnitsThatDoNotFillTheirSample() {
    byte[] overrun = HandMade.avc(IDR);
    overrun[3]++;
    refuses(TrackKind.VIDEO, false, "NAL length: 301 (expected: <= 300, the rest of", overrun);
    byte[] huge = HandMade.avc(IDR);
    huge[0] = (byte) 0xff;
    refuses(TrackKind.VIDEO, false, "NAL length: 4278190380 (expected: <= 300", huge);
    byte[] behind = Arrays.copyOf(HandMade.avc(IDR), 4 + 300 + 2);
    refuses(TrackKind.VIDEO, false, "bytes behind the last NAL unit: 2 (expected: 0)", behind);
    refuses(TrackKind.VIDEO, false, "NAL units in a sample: more than 8192", new byte[40_000]);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 19, 20, 21, 24, 0})
  void refusesToLeaveUnitsClearThatMayHoldPictures(int type) {
    refuses(TrackKind.VIDEO, true, "nal_unit_type", HandMade.avc(HandMade.nal(0x60 | type, 60)));
  }

  @Test
  void refusesWhatAdtsCannotSay() {
    refuses(TrackKind.AUDIO, false, "frame: 8185 bytes (expected: <= 8184", new byte[8185]);
    assertThat(
            Segments.frames(
                parse(TrackKind.AUDIO, HandMade.of(new byte[8184])).pes.getFirst().payload()))
        .containsExactly(new byte[8184]);
  }

  @Test
  void refusesMoreSamplesThanItPlans() {
    byte[][] samples = new byte[65_537][];
    Arrays.fill(samples, new byte[0]);
    refuses(TrackKind.AUDIO, false, "samples in a segment: 65537 (expected: <= 65536)", samples);
  }

  @Test
  void refusesStreamsInAnotherOrder() {
    var audio = HandMade.of(new byte[20]).stream(TrackKind.AUDIO, false);
    var video = HandMade.of(HandMade.avc(IDR)).stream(TrackKind.VIDEO, false);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TransportStreamSegment.of(0, List.of(audio, video)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TransportStreamSegment.of(0, List.of(audio, audio)));
    assertThatIllegalArgumentException().isThrownBy(() -> TransportStreamSegment.of(0, List.of()));
  }

  private static void refuses(
      TrackKind kind, boolean encrypted, String message, byte[]... samples) {
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> HandMade.of(samples).body(kind, encrypted))
        .withMessageStartingWith(message);
  }

  private static TsParser parse(TrackKind kind, HandMade samples) {
    return TsParser.parse(samples.segment(kind, false));
  }
}
