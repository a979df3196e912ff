package dev.sluice.origin.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.encrypt.AvcSampleMap;
import dev.sluice.origin.encrypt.SubsampleMap;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.track.FragmentSamples;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mp4parser.IsoFile;
import org.mp4parser.PropertyBoxParserImpl;
import org.mp4parser.boxes.iso14496.part12.MovieFragmentBox;
import org.mp4parser.boxes.iso14496.part12.SampleAuxiliaryInformationOffsetsBox;
import org.mp4parser.boxes.iso14496.part12.SampleAuxiliaryInformationSizesBox;
import org.mp4parser.boxes.iso14496.part12.TrackFragmentBaseMediaDecodeTimeBox;
import org.mp4parser.boxes.iso14496.part12.TrackFragmentBox;
import org.mp4parser.boxes.iso14496.part12.TrackRunBox;
import org.mp4parser.boxes.microsoft.PiffSampleEncryptionBox;
import org.mp4parser.boxes.microsoft.TfxdBox;

final class FragmentHeaderTest {
  private static final AvcConfig CONFIG = new AvcConfig(66, 0, 30, 4, List.of(), List.of());

  @Test
  void statesOnceWhatAllSamplesShare() {
    assertThat(dump(samples(ints(10, 10), ints(1024, 1024), ints(0, 0), ints(0, 0))))
        .isEqualTo(
            """
            styp 24 6d736468000000006d73646869736f36
            moof 104
              mfhd 16 0000000000000005
              traf 80
                tfhd 32 0002003a0000000300000001000004000000000a00000000
                tfdt 20 010000000000000100000002
                trun 20 010000010000000200000070
            mdat 28
            """);
  }

  @Test
  void statesForEachSampleWhatDiffers() {
    assertThat(
            dump(
                samples(
                    ints(10, 11, 0),
                    ints(1, 2, 3),
                    ints(0x2000000, 0x1010000, 0x1000000),
                    ints(5, -5, 0))))
        .contains("tfhd 24 000200220000000300000001" + "01000000\n")
        .contains(
            "trun 68 01000f0100000003"
                + "00000098"
                + ("00000001" + "0000000a" + "02000000" + "00000005")
                + ("00000002" + "0000000b" + "01010000" + "fffffffb")
                + ("00000003" + "00000000" + "01000000" + "00000000\n"));
  }

  @Test
  void statesTheFirstSamplesFlagsWhereOnlyTheyDiffer() {
    assertThat(
            dump(
                samples(
                    ints(10, 10, 10),
                    ints(1, 1, 1),
                    ints(0x2000000, 0x1010000, 0x1010000),
                    ints(0, 0, 0))))
        .contains("01010000\n    tfdt")
        .containsPattern("trun 24 0100000500000003[0-9a-f]{8}02000000\n");
  }

  @Test
  void statesEqualCompositionOffsetsThatAreNotZero() {
    assertThat(dump(samples(ints(10, 10), ints(1, 1), ints(0, 0), ints(-7, -7))))
        .containsPattern("trun 28 0100080100000002[0-9a-f]{8}fffffff9fffffff9\n");
  }

  @Test
  void pointsToTheFirstIvAndHasNoSizesOfTheirOwnWhereAllAreEqual() {
    var samples = samples(ints(10, 20), ints(1, 1), ints(0, 0), ints(0, 0));
    byte[] header = encrypted(samples, SubsampleMap.fullSamples(samples));
    assertThat(BoxDump.of(header))
        .contains("saiz 17 000000000800000002\n")
        .contains("senc 32 00000000000000020123456789abcdef0123456789abcdf0\n");
    assertThat(firstIvAt(header)).isEqualTo(0x0123456789ABCDEFL);
  }

  @Test
  void statesTheSizeOfEachEntryWhereTheyDiffer() {
    // Only clear bytes: an entry holds at most 65,535 of them.
    var samples = samples(ints(104, 70_000), ints(1, 1), ints(0, 0), ints(0, 0));
    byte[] header =
        encrypted(samples, AvcSampleMap.plan(samples, CONFIG, seiOf(104, 70_000), Scheme.CENC));
    assertThat(BoxDump.of(header))
        .contains("saiz 19 000000000000000002" + "1016\n")
        .contains(
            "senc 54 0000000200000002"
                + ("0123456789abcdef" + "0001" + "0068" + "00000000")
                + ("0123456789abcdf0" + "0002" + "ffff" + "00000000" + "1171" + "00000000\n"));
    assertThat(firstIvAt(header)).isEqualTo(0x0123456789ABCDEFL);
  }

  @Test
  void statesSubsamplesWithoutIvWhereItIsConstant() {
    var samples = samples(ints(104, 104), ints(1, 1), ints(0, 0), ints(0, 0));
    var map = AvcSampleMap.plan(samples, CONFIG, seiOf(104, 104), Scheme.CBCS);
    byte[] header =
        header(SegmentBoxes.CMAF, samples, Optional.of(FragmentHeader.Encryption.constantIv(map)));
    assertThat(BoxDump.of(header))
        .contains(
            "    saiz 17 000000000800000002\n"
                + "    saio 20 00000000000000010000009d\n"
                + "    senc 32 0000000200000002"
                + "0001006800000000"
                + "0001006800000000\n");
    // From moof, which begins at byte 24, to the first count of subsamples.
    assertThat(ByteBuffer.wrap(header).getShort(24 + 0x9d)).isEqualTo((short) 1);
    assertThat(indexOf(header, "senc") + 12).isEqualTo(24 + 0x9d);
  }

  @Test
  void statesNothingOfSamplesThatAreWholeAndWithoutIv() {
    var samples = samples(ints(10, 20), ints(1, 1), ints(0, 0), ints(0, 0));
    var constant =
        Optional.of(FragmentHeader.Encryption.constantIv(SubsampleMap.fullSamples(samples)));
    for (var boxes : SegmentBoxes.values()) {
      assertThat(header(boxes, samples, constant))
          .isEqualTo(header(boxes, samples, Optional.empty()));
    }
  }

  @Test
  void writesTheBoxesOfPiff() {
    var samples = samples(ints(104, 104), ints(3, 3), ints(0, 0), ints(1, 0));
    var map = AvcSampleMap.plan(samples, CONFIG, seiOf(104, 104), Scheme.CENC);
    byte[] header =
        header(
            SegmentBoxes.PIFF,
            samples,
            Optional.of(
                FragmentHeader.Encryption.perSample(map, sample -> 0x0123456789ABCDEFL + sample)));
    assertThat(BoxDump.of(header))
        .isEqualTo(
            """
            moof 200
              mfhd 16 0000000000000005
              traf 176
                tfhd 32 0002003a0000000300000001000000030000006800000000
                trun 28 0000080100000002000000d00000000100000000
                uuid 64 a2394f525a9b4f14a2446c427c648df40000000200000002\
            0123456789abcdef00010068000000000123456789abcdf00001006800000000
                uuid 44 6d1d9b0542d544e680e2141daff757b20100000000000001000000020000000000000006
            mdat 216
            """);
    assertThat(header).hasSize(0xd0);
  }

  @Test
  void writesTheBoxesOfPiffForAudioAndForClearSamples() {
    var samples = samples(ints(10, 20), ints(3, 3), ints(0, 0), ints(0, -1));
    assertThat(BoxDump.of(header(SegmentBoxes.PIFF, samples, Optional.empty())))
        .containsPattern("trun 36 0100[0-9a-f]+ffffffff\n    uuid 44 6d1d9b05")
        .doesNotContain("a2394f52");
    var whole =
        FragmentHeader.Encryption.perSample(SubsampleMap.fullSamples(samples), sample -> sample);
    assertThat(BoxDump.of(header(SegmentBoxes.PIFF, samples, Optional.of(whole))))
        .contains(
            "uuid 48 a2394f525a9b4f14a2446c427c648df4"
                + "0000000000000002"
                + "00000000000000000000000000000001\n");
  }

  @Test
  void refusesWhatTheBoxesOfPiffCannotHold() {
    int[] zeros = ints(0, 0, 0);
    var large =
        samples(ints(2_000_000_000, 2_000_000_000, 2_000_000_000), ints(1, 1, 1), zeros, zeros);
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> header(SegmentBoxes.PIFF, large, Optional.empty()))
        .withMessage(
            "PIFF boxes, samples: 6000000000 bytes (expected: below 4 GiB)"
                + " at a fragment of track 3");
    var second = new FragmentSamples(new long[1], ints(1), ints(1), new int[1], new int[1], 2, 1);
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> header(SegmentBoxes.PIFF, second, Optional.empty()))
        .withMessage(
            "PIFF boxes, sample_description_index: 2 (expected: 1) at a fragment of track 3");
  }

  @Test
  void givesTheFirstSampleTheDurationOfAll() {
    var samples = samples(ints(7, 8, 9), ints(3, 4, 5), ints(0x2000000, 1, 2), ints(6, 0, 0));
    assertThat(dump(samples.first()))
        .contains(
            "tfhd 32 0002003a" + "00000003" + "00000001" + "0000000c" + "00000007" + "02000000")
        .containsPattern("trun 24 0100080100000001[0-9a-f]{8}00000006\n")
        .contains("mdat 15\n");
  }

  @Test
  void refusesAFirstSampleThatLastsTooLong() {
    var samples = samples(ints(7, 8), ints(Integer.MAX_VALUE, 1), ints(0, 0), ints(0, 0));
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(samples::first)
        .withMessage("duration of the fragment: 2147483648 (expected: <= 2147483647)");
  }

  @Test
  void givesALargePayloadALargeSize() {
    var samples =
        samples(
            ints(2_000_000_000, 2_000_000_000, 2_000_000_000),
            ints(1, 1, 1),
            ints(0, 0, 0),
            ints(0, 0, 0));
    byte[] header = header(samples, Optional.empty());
    assertThat(BoxDump.of(header)).endsWith("mdat 6000000016\n");
    assertThat(dataOffset(header)).isEqualTo(header.length - 24);
  }

  @Test
  void changesTheSizeFieldExactlyWhereItHasTo() {
    int half = 0x7FFF_FFFB;
    for (int[] sizes : new int[][] {{half, half, 1}, {half, half, 2}}) {
      byte[] header =
          header(samples(sizes, ints(1, 1, 1), ints(0, 0, 0), ints(0, 0, 0)), Optional.empty());
      long payload = 2L * half + sizes[2];
      boolean large = payload + 8 > 0xFFFF_FFFFL;
      assertThat(large).isEqualTo(sizes[2] == 2);
      assertThat(BoxDump.of(header)).endsWith("mdat " + (payload + (large ? 16 : 8)) + "\n");
      assertThat(dataOffset(header)).isEqualTo(header.length - 24);
    }
  }

  @Test
  void isReadByMp4parserAsItIsMeant() throws IOException {
    var samples = samples(ints(104, 70_000), ints(3, 4), ints(0x2000000, 0x1010000), ints(2, -1));
    byte[] header =
        encrypted(samples, AvcSampleMap.plan(samples, CONFIG, seiOf(104, 70_000), Scheme.CENC));
    try (var file =
        new IsoFile(
            Channels.newChannel(
                new ByteArrayInputStream(Arrays.copyOf(header, header.length + 70_104))),
            new PropertyBoxParserImpl())) {
      var traf =
          file.getBoxes(MovieFragmentBox.class)
              .getFirst()
              .getBoxes(TrackFragmentBox.class)
              .getFirst();
      assertThat(traf.getTrackFragmentHeaderBox().getTrackId()).isEqualTo(3);
      assertThat(traf.getTrackFragmentHeaderBox().isDefaultBaseIsMoof()).isTrue();
      assertThat(
              traf.getBoxes(TrackFragmentBaseMediaDecodeTimeBox.class)
                  .getFirst()
                  .getBaseMediaDecodeTime())
          .isEqualTo(0x1_0000_0002L);
      var run = traf.getBoxes(TrackRunBox.class).getFirst();
      assertThat(run.getDataOffset()).isEqualTo(header.length - 24);
      assertThat(run.getEntries().stream().map(TrackRunBox.Entry::getSampleSize))
          .containsExactly(104L, 70_000L);
      assertThat(run.getEntries().stream().map(TrackRunBox.Entry::getSampleDuration))
          .containsExactly(3L, 4L);
      assertThat(run.getEntries().stream().map(TrackRunBox.Entry::getSampleCompositionTimeOffset))
          .containsExactly(2L, -1L);
      var sizes = traf.getBoxes(SampleAuxiliaryInformationSizesBox.class).getFirst();
      assertThat(sizes.getSampleInfoSizes()).containsExactly((short) 16, (short) 22);
      var offsets = traf.getBoxes(SampleAuxiliaryInformationOffsetsBox.class).getFirst();
      assertThat(offsets.getOffsets()).hasSize(1);
      assertThat(ByteBuffer.wrap(header).getLong(Math.toIntExact(24 + offsets.getOffsets()[0])))
          .isEqualTo(0x0123456789ABCDEFL);
    }
  }

  @Test
  void writesBoxesOfPiffThatMp4parserReadsAsTheyAreMeant() throws IOException {
    var samples = samples(ints(104, 70_000), ints(3, 4), ints(0x2000000, 0x1010000), ints(2, 0));
    var map = AvcSampleMap.plan(samples, CONFIG, seiOf(104, 70_000), Scheme.CENC);
    byte[] header =
        header(
            SegmentBoxes.PIFF,
            samples,
            Optional.of(
                FragmentHeader.Encryption.perSample(map, sample -> 0x0123456789ABCDEFL + sample)));
    try (var file =
        new IsoFile(
            Channels.newChannel(
                new ByteArrayInputStream(Arrays.copyOf(header, header.length + 70_104))),
            new PropertyBoxParserImpl())) {
      var traf =
          file.getBoxes(MovieFragmentBox.class)
              .getFirst()
              .getBoxes(TrackFragmentBox.class)
              .getFirst();
      var entries = traf.getBoxes(PiffSampleEncryptionBox.class).getFirst().getEntries();
      assertThat(entries).hasSize(2);
      assertThat(ByteBuffer.wrap(entries.getLast().iv).getLong()).isEqualTo(0x0123456789ABCDF0L);
      assertThat(entries.getLast().pairs).hasSize(2);
      assertThat(entries.getLast().pairs[1].clear()).isEqualTo(70_000 - 65_535);
      var time = traf.getBoxes(TfxdBox.class).getFirst();
      assertThat(time.getFragmentAbsoluteTime()).isEqualTo(0x1_0000_0002L);
      assertThat(time.getFragmentAbsoluteDuration()).isEqualTo(6);
      var run = traf.getBoxes(TrackRunBox.class).getFirst();
      assertThat(run.getDataOffset()).isEqualTo(header.length);
    }
  }

  private static int[] ints(int... values) {
    return values;
  }

  private static FragmentSamples samples(int[] sizes, int[] durations, int[] flags, int[] offsets) {
    long[] places = new long[sizes.length];
    for (int i = 1; i < sizes.length; i++) {
      places[i] = places[i - 1] + sizes[i - 1];
    }
    return new FragmentSamples(places, sizes, durations, flags, offsets, 1, 1);
  }

  /** An object of two samples, each one SEI. */
  private static dev.sluice.origin.encrypt.SampleBytes seiOf(int first, int second) {
    byte[] bytes = new byte[first + second];
    ByteBuffer.wrap(bytes).putInt(0, first - 4).put(4, (byte) 6);
    ByteBuffer.wrap(bytes).putInt(first, second - 4).put(first + 4, (byte) 6);
    return (offset, out) -> out.put(bytes, (int) offset, out.remaining());
  }

  private static String dump(FragmentSamples samples) {
    return BoxDump.of(header(samples, Optional.empty()));
  }

  private static byte[] encrypted(FragmentSamples samples, SubsampleMap map) {
    return header(
        samples,
        Optional.of(
            FragmentHeader.Encryption.perSample(map, sample -> 0x0123456789ABCDEFL + sample)));
  }

  private static byte[] header(
      FragmentSamples samples, Optional<FragmentHeader.Encryption> encryption) {
    return header(SegmentBoxes.CMAF, samples, encryption);
  }

  private static byte[] header(
      SegmentBoxes boxes, FragmentSamples samples, Optional<FragmentHeader.Encryption> encryption) {
    return FragmentHeader.write(
        boxes, new FragmentHeader.Fragment(3, 5, 0x1_0000_0002L, 6), samples, encryption);
  }

  /** Of the run, from moof on, which begins at byte 24. */
  private static int dataOffset(byte[] header) {
    return ByteBuffer.wrap(header).getInt(indexOf(header, "trun") + 12);
  }

  private static long firstIvAt(byte[] header) {
    var in = ByteBuffer.wrap(header);
    return in.getLong(24 + in.getInt(indexOf(header, "saio") + 12));
  }

  private static int indexOf(byte[] bytes, String type) {
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(type);
  }
}
