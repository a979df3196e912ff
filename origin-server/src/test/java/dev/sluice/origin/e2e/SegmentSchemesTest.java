package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.oracle.Ffmpeg;
import dev.sluice.origin.segment.SegmentBoxes;
import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.FragmentSamples;
import dev.sluice.origin.track.Timescales;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Segments of every scheme in every kind of boxes, without a server. */
final class SegmentSchemesTest {

  static Stream<Arguments> all() {
    return Stream.of(TrackKind.VIDEO, TrackKind.AUDIO)
        .flatMap(kind ->
            Stream.of(SegmentBoxes.values())
                .flatMap(boxes ->
                    Stream.of(Scheme.CLEAR, Scheme.CENC, Scheme.CBCS)
                        .map(scheme -> Arguments.of(kind, boxes, scheme))));
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyRangeIsASliceOfTheWhole(TrackKind kind, SegmentBoxes boxes, Scheme scheme) {
    var random = new Random(9);
    try (var body = track(kind).open(boxes, scheme, 1, false)) {
      byte[] whole = DirectTrack.read(body, 0, (int) body.lengthBytes());
      for (int i = 0; i < 200; i++) {
        int from = random.nextInt(whole.length);
        int length = random.nextInt(Math.min(whole.length - from, i % 2 == 0 ? 100 : 200_000) + 1);
        assertThat(DirectTrack.read(body, from, length))
            .isEqualTo(Arrays.copyOfRange(whole, from, from + length));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void statesTheSamplesAsTheyLie(TrackKind kind, SegmentBoxes boxes, Scheme scheme) {
    var track = track(kind);
    byte[] segment = whole(track.open(boxes, scheme, 1, false));
    boolean entries = scheme == Scheme.CENC || (scheme == Scheme.CBCS && kind == TrackKind.VIDEO);
    var types =
        BoxWalk.between(segment, 0, segment.length).stream().map(BoxWalk.Box::type).toList();
    var traf = BoxWalk.all(segment, "moof", "traf").getFirst();
    var inTraf =
        BoxWalk.between(segment, traf.payload(), traf.end()).stream()
            .map(BoxWalk.Box::type)
            .toList();
    if (boxes == SegmentBoxes.CMAF) {
      assertThat(types).containsExactly("styp", "moof", "mdat");
      assertThat(inTraf)
          .isEqualTo(
              entries
                  ? List.of("tfhd", "tfdt", "trun", "saiz", "saio", "senc")
                  : List.of("tfhd", "tfdt", "trun"));
    } else {
      assertThat(types).containsExactly("moof", "mdat");
      assertThat(inTraf)
          .isEqualTo(
              entries ? List.of("tfhd", "trun", "uuid", "uuid") : List.of("tfhd", "trun", "uuid"));
    }
    var mdat = BoxWalk.all(segment, "mdat").getFirst();
    var moof = BoxWalk.all(segment, "moof").getFirst();
    var trun = BoxWalk.all(segment, "moof", "traf", "trun").getFirst();
    assertThat(moof.start() + ByteBuffer.wrap(segment).getInt(trun.payload() + 8))
        .isEqualTo(mdat.payload())
        .isEqualTo(moof.end() + 8);
    if (entries) {
      checkEntries(segment, boxes, scheme, kind, track.samples(1));
    }
  }

  /** Counts, sizes and pointers agree with each other, and subsamples with their sample. */
  private static void checkEntries(
      byte[] segment, SegmentBoxes boxes, Scheme scheme, TrackKind kind, FragmentSamples samples) {
    var in = ByteBuffer.wrap(segment);
    boolean cmaf = boxes == SegmentBoxes.CMAF;
    var senc = BoxWalk.all(segment, "moof", "traf", cmaf ? "senc" : "uuid").getFirst();
    int at = senc.payload() + (cmaf ? 0 : 16);
    assertThat(in.getInt(at)).isEqualTo(kind == TrackKind.VIDEO ? 2 : 0);
    assertThat(in.getInt(at + 4)).isEqualTo(samples.count());
    at += 8;
    int ivBytes = scheme == Scheme.CENC ? 8 : 0;
    int[] sizes = new int[samples.count()];
    int firstEntry = at;
    for (int i = 0; i < samples.count(); i++) {
      int start = at;
      at += ivBytes;
      if (kind == TrackKind.VIDEO) {
        int count = in.getShort(at);
        at += 2;
        long sum = 0;
        for (int k = 0; k < count; k++, at += 6) {
          sum += (in.getShort(at) & 0xffff) + in.getInt(at + 2);
        }
        assertThat(sum).isEqualTo(samples.sizeBytes(i));
        assertThat(count).isGreaterThanOrEqualTo(4);
      }
      sizes[i] = at - start;
    }
    assertThat(at).isEqualTo(senc.end());
    if (cmaf) {
      checkSizes(segment, sizes, firstEntry);
    }
  }

  private static void checkSizes(byte[] segment, int[] sizes, int firstEntry) {
    var in = ByteBuffer.wrap(segment);
    var saiz = BoxWalk.all(segment, "moof", "traf", "saiz").getFirst();
    int uniform = in.get(saiz.payload() + 4) & 0xff;
    assertThat(in.getInt(saiz.payload() + 5)).isEqualTo(sizes.length);
    for (int i = 0; i < sizes.length; i++) {
      assertThat(uniform == 0 ? in.get(saiz.payload() + 9 + i) & 0xff : uniform)
          .isEqualTo(sizes[i]);
    }
    var saio = BoxWalk.all(segment, "moof", "traf", "saio").getFirst();
    var moof = BoxWalk.all(segment, "moof").getFirst();
    assertThat(in.getInt(saio.payload() + 4)).isEqualTo(1);
    assertThat(moof.start() + in.getInt(saio.payload() + 8)).isEqualTo(firstEntry);
  }

  @ParameterizedTest
  @MethodSource("all")
  void theFirstSampleAloneIsTheSameAsInItsSegment(
      TrackKind kind, SegmentBoxes boxes, Scheme scheme) {
    var track = track(kind);
    byte[] whole = whole(track.open(boxes, scheme, 1, false));
    byte[] alone = whole(track.open(boxes, scheme, 1, true));
    byte[] samples = payload(whole);
    byte[] sample = payload(alone);
    assertThat(sample)
        .hasSize(track.samples(1).sizeBytes(0))
        .isEqualTo(Arrays.copyOf(samples, sample.length));
    var tfhd = BoxWalk.all(alone, "moof", "traf", "tfhd").getFirst();
    // Behind flags, track id and description.
    assertThat(ByteBuffer.wrap(alone).getInt(tfhd.payload() + 12))
        .isEqualTo((int) times(track, boxes).durationTicks(1));
    if (scheme == Scheme.CENC && boxes == SegmentBoxes.CMAF) {
      var ivOfAlone = BoxWalk.all(alone, "moof", "traf", "senc").getFirst().payload() + 8;
      var ivOfWhole = BoxWalk.all(whole, "moof", "traf", "senc").getFirst().payload() + 8;
      assertThat(ByteBuffer.wrap(alone).getLong(ivOfAlone))
          .isEqualTo(ByteBuffer.wrap(whole).getLong(ivOfWhole));
    }
  }

  @Test
  void theSamplesAreTheSameInAllBoxes() {
    for (var kind : List.of(TrackKind.VIDEO, TrackKind.AUDIO)) {
      for (var scheme : List.of(Scheme.CLEAR, Scheme.CENC, Scheme.CBCS)) {
        assertThat(payload(whole(track(kind).open(SegmentBoxes.PIFF, scheme, 1, false))))
            .isEqualTo(payload(whole(track(kind).open(SegmentBoxes.CMAF, scheme, 1, false))));
      }
    }
  }

  @Test
  void statesTheTimeOfAFragmentInTheBoxesOfPiff() {
    for (var kind : List.of(TrackKind.VIDEO, TrackKind.AUDIO)) {
      var track = track(kind);
      byte[] segment = whole(track.open(SegmentBoxes.PIFF, Scheme.CENC, 1, false));
      var tfxd = BoxWalk.all(segment, "moof", "traf", "uuid").getLast();
      var in = ByteBuffer.wrap(segment);
      assertThat(in.getInt(tfxd.payload() + 16)).isEqualTo(0x0100_0000);
      assertThat(in.getLong(tfxd.payload() + 20))
          .isEqualTo(times(track, SegmentBoxes.PIFF).startTicks(1))
          .isPositive();
      assertThat(in.getLong(tfxd.payload() + 28))
          .isEqualTo(times(track, SegmentBoxes.PIFF).durationTicks(1))
          .isPositive();
    }
  }

  @Test
  void theBoxesOfPiffNeedNoDefaultsOfTheTrack() {
    for (var kind : List.of(TrackKind.VIDEO, TrackKind.AUDIO)) {
      var track = track(kind);
      byte[] init = track.init(Scheme.CLEAR);
      // Smooth Streaming's clients make an init segment whose defaults are all 0.
      int defaults = BoxWalk.all(init, "moov", "mvex", "trex").getFirst().payload() + 12;
      Arrays.fill(init, defaults, defaults + 12, (byte) 0);
      var parts = new ArrayList<byte[]>(List.of(init));
      parts.addAll(track.segments(SegmentBoxes.PIFF, Scheme.CLEAR));
      var served = Ffmpeg.Input.piped(parts.toArray(byte[][]::new));
      assertThat(Ffmpeg.packetHashes(served).get(0))
          .hasSizeGreaterThan(50)
          .isEqualTo(Ffmpeg.packetHashes(Ffmpeg.Input.file(track.file())).get(0));
      assertThat(Ffmpeg.complaints(served)).isEmpty();
    }
  }

  private static DirectTrack track(TrackKind kind) {
    return DirectTrack.of(TestMedia.root(), "slices", kind);
  }

  /** The fragments in the timescale of the boxes: Smooth counts in 100 ns. */
  private static FragmentIndex times(DirectTrack track, SegmentBoxes boxes) {
    return switch (boxes) {
      case CMAF -> track.track().fragments();
      case PIFF -> track.track().fragments().in(Timescales.toSmooth(track.track()));
    };
  }

  private static byte[] payload(byte[] segment) {
    return BoxWalk.all(segment, "mdat").getFirst().payloadOf(segment);
  }

  private static byte[] whole(Body body) {
    try (body) {
      return DirectTrack.read(body, 0, (int) body.lengthBytes());
    }
  }
}
