package dev.sluice.origin.encrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.codec.NalWriter;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.track.FragmentSamples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AvcSampleMapTest {
  /** NAL header, first_mb 1, slice_type 3, pps 1, frame_num 4, slice_qp_delta 1: 18 bits. */
  private static final int HEADER_BYTES = 3;

  @Test
  void protectsWholeBlocksBehindTheHeaderOfASlice() {
    // 4 + 3 clear, 100 of payload: 4 of them clear
    assertThat(entries(sample(slice(100)))).containsExactly("11+96");
  }

  @Test
  void joinsUnitsWithoutPictureWithTheNextClearRun() {
    byte[] sample = sample(other(9, 2), sps(0), pps(false), other(6, 40), slice(32), slice(48));
    int front = sample.length - 2 * (4 + HEADER_BYTES) - 32 - 48;
    assertThat(entries(sample)).containsExactly((front + 7) + "+32", "7+48");
  }

  @Test
  void leavesAClearTailInAnEntryWithoutProtectedBytes() {
    assertThat(entries(sample(slice(16), other(12, 9)))).containsExactly("7+16", "13+0");
  }

  @Test
  void leavesSlicesWithLessThanABlockOfPayloadClear() {
    for (int payload = 0; payload < 80; payload++) {
      var entries = entries(sample(slice(payload), slice(64)));
      if (payload < 16) {
        assertThat(entries).containsExactly((7 + payload + 7) + "+64");
      } else {
        assertThat(entries).containsExactly((7 + payload % 16) + "+" + payload / 16 * 16, "7+64");
      }
    }
    assertThat(entries(sample(slice(15)))).containsExactly("22+0");
  }

  @ParameterizedTest
  @ValueSource(ints = {65_534, 65_535, 65_536, 131_070, 131_071, 200_000})
  void splitsClearRunsThatOverflowTheirField(int bytes) {
    byte[] sei = other(6, bytes);
    for (byte[] sample :
        List.of(
            sample(sei, slice(500), slice(64)),
            sample(slice(500), sei, slice(64)),
            sample(slice(500), slice(64), sei))) {
      var map = plan(4, sample);
      assertThat(map.totalProtectedBytes()).isEqualTo(496 + 64);
    }
    int run = bytes + 4;
    var expected = new ArrayList<String>();
    for (; run > 65_535; run -= 65_535) {
      expected.add("65535+0");
    }
    expected.add(run + "+0");
    assertThat(entries(sample(sei))).containsExactlyElementsOf(expected);
  }

  @Test
  void fillsAnEntryExactly() {
    assertThat(entries(sample(other(6, 65_535 - 4 - 7), slice(16)))).containsExactly("65535+16");
    assertThat(entries(sample(other(6, 65_535 - 4 - 6), slice(16))))
        .containsExactly("65535+0", "1+16");
  }

  @Test
  void countsUnitsOfNoByteAndOfAFew() {
    for (int bytes = 0; bytes <= 5; bytes++) {
      byte[] tiny = bytes == 0 ? new byte[0] : other(10, bytes);
      assertThat(entries(sample(tiny, slice(16), tiny)))
          .containsExactly((4 + bytes + 7) + "+16", (4 + bytes) + "+0");
    }
  }

  @Test
  void allowsSamplesOfNoByte() {
    var map = plan(4, new byte[0], sample(slice(16)), new byte[0]);
    assertThat(map.sampleCount()).isEqualTo(3);
    assertThat(List.of(map.entryCount(0), map.entryCount(1), map.entryCount(2)))
        .containsExactly(0, 1, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void readsLengthFieldsOfOneTwoAndFourBytes(int lengthFieldBytes) {
    var map =
        plan(lengthFieldBytes, FragmentOfBytes.sample(lengthFieldBytes, other(6, 200), slice(33)));
    assertThat(map.clearBytes(0, 0)).isEqualTo(2 * lengthFieldBytes + 200 + HEADER_BYTES + 1);
    assertThat(map.protectedBytes(0, 0)).isEqualTo(32);
  }

  @Test
  void refusesLengthFieldsOfThreeBytes() {
    refuses(
        3,
        sample(slice(16)),
        FailureCode.MPE_INPUT_NOT_SUPPORTED,
        "NAL length field: 3 bytes (expected: 1, 2 or 4) at avcC");
  }

  @Test
  void refusesUnitsThatOverrunTheirSample() {
    byte[] sample = sample(slice(16), slice(16));
    refuses(
        4,
        Arrays.copyOf(sample, sample.length - 1),
        FailureCode.MPE_INPUT_NOT_SUPPORTED,
        "NAL length: 19 (expected: <= 18, the rest of the sample) at sample 0, byte 23");
    sample[23] = (byte) 0xff;
    refuses(
        4,
        sample,
        FailureCode.MPE_INPUT_NOT_SUPPORTED,
        "NAL length: 4278190099 (expected: <= 19, the rest of the sample) at sample 0, byte 23");
    refuses(
        4,
        Arrays.copyOf(sample, 25),
        FailureCode.MPE_INPUT_NOT_SUPPORTED,
        "bytes behind the last NAL unit: 2 (expected: 0) at sample 0, byte 23");
  }

  @Test
  void plansOrRefusesASampleCutAtEveryByte() {
    byte[] sample = sample(other(9, 2), sps(0), pps(false), slice(40), slice(5), other(12, 3));
    int planned = 0;
    for (int length = 0; length < sample.length; length++) {
      try {
        plan(4, Arrays.copyOf(sample, length));
        planned++;
      } catch (ContentFailure failure) {
        assertThat(failure.code()).isEqualTo(FailureCode.MPE_INPUT_NOT_SUPPORTED);
      }
    }
    assertThat(planned).as("cuts between units").isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource({"38", "39", "40"})
  void plansUpToFortySubsamples(int slices) {
    var nals = Collections.nCopies(slices, slice(16)).toArray(byte[][]::new);
    assertThat(plan(4, sample(nals)).entryCount(0)).isEqualTo(slices);
  }

  @ParameterizedTest
  @CsvSource({"41", "42", "43", "64", "300"})
  void refusesMoreSubsamplesThanSaizCanSay(int slices) {
    var nals = Collections.nCopies(slices, slice(16)).toArray(byte[][]::new);
    byte[] sample = sample(nals);
    refuses(
        4,
        sample,
        FailureCode.MPE_ENC_ENCRYPTION_NOT_SUPPORTED,
        "subsamples: %d (expected: <= 40) at sample 0, byte %d".formatted(slices, sample.length));
  }

  @Test
  void refusesMoreUnitsThanAPictureCanHave() {
    refuses(
        1,
        new byte[9000],
        FailureCode.MPE_NAL_NOT_SUPPORTED,
        "NAL units in a sample: more than 8192 (expected: fewer) at sample 0, byte 8192");
  }

  @Test
  void refusesUnitsThatItCannotProtect() {
    refuses(
        4,
        sample(slice(16), other(20, 90)),
        FailureCode.MPE_NAL_NOT_SUPPORTED,
        "nal_unit_type: 20 (expected: 1, or 5 to 16) at NAL type 20, bit 3 at sample 0, byte 27");
  }

  @Test
  void refusesSlicesOfUnknownParameterSets() {
    byte[] slice = new NalWriter(1, 1).ue(0).ue(7).ue(3).toNal(40, 0xff);
    refuses(
        4,
        sample(slice),
        FailureCode.MPE_INPUT_NOT_SUPPORTED,
        "pic_parameter_set_id: 3 (expected: a parameter set that the fragment or its header"
            + " holds) at NAL type 1, bit 16 at sample 0, byte 4");
  }

  @Test
  void readsParameterSetsInSamplesFromWhereTheyStand() {
    // frame_num of 16 bits makes the header 5 bytes long, of 4 bits 3
    byte[] longer = new NalWriter(0, 1).ue(0).ue(7).ue(0).u(16, 0xffff).se(0).toNal(31, 0xff);
    assertThat(entries(sample(slice(32)), sample(sps(12), longer), sample(longer)))
        .containsExactly("7+32", (4 + sps(12).length + 24) + "+16", "24+16");
    // another fragment begins with the configuration again
    assertThat(entries(sample(longer))).containsExactly("8+32");
  }

  @Test
  void findsHeadersLongerThanItsFirstLook() {
    // explicit weights of 32 references, three components each: 64 times 3 times 17 bits at most
    var header = new NalWriter(0, 1).ue(0).ue(5).ue(0).u(4, 0).u(1, 1).ue(31).u(1, 0).ue(0).ue(0);
    for (int i = 0; i < 32; i++) {
      header.u(1, 1).se(-128).se(-128).u(1, 1).se(-128).se(-128).se(-128).se(-128);
    }
    header.se(0);
    int headerBytes = header.toNal().length;
    assertThat(headerBytes).isGreaterThan(256);
    byte[] slice = header.toNal(64, 0xff);
    byte[] pps = pps(true);
    assertThat(entries(sample(pps, slice)))
        .containsExactly((4 + pps.length + 4 + headerBytes) + "+64");
    refuses(
        4,
        sample(pps, Arrays.copyOf(slice, headerBytes - 1)),
        FailureCode.MPE_INPUT_NOT_SUPPORTED,
        "slice: %d bytes (expected: no end within its header) at NAL type 1, bit %d at sample 0, byte %d"
            .formatted(headerBytes - 1, header.bitCount() - 18, 4 + pps.length + 4));
  }

  @Test
  void readsAFragmentOfSmallSamplesInFewReads() {
    var samples = Collections.nCopies(200, sample(other(9, 2), slice(200), slice(300)));
    var fragment = new FragmentOfBytes(0, samples);
    int total = 200 * samples.get(0).length;
    AvcSampleMap.plan(fragment.samples(), config(4), fragment, Scheme.CENC);
    assertThat(fragment.reads).isLessThanOrEqualTo(total / 65_000 + 1);
  }

  @Test
  void spansEverySampleExactlyWhateverItHolds() {
    var random = new Random(11);
    for (int round = 0; round < 300; round++) {
      var samples = new ArrayList<byte[]>();
      for (int i = random.nextInt(6); i >= 0; i--) {
        var nals = new byte[random.nextInt(12)][];
        for (int n = 0; n < nals.length; n++) {
          nals[n] =
              switch (random.nextInt(4)) {
                case 0 -> random.nextBoolean() ? new byte[0] : other(9, 1 + random.nextInt(6));
                case 1 -> other(6, 1 + random.nextInt(round % 10 == 0 ? 140_000 : 300));
                default -> slice(random.nextInt(round % 10 == 1 ? 140_000 : 400));
              };
        }
        samples.add(sample(nals));
      }
      var fragment = new FragmentOfBytes(random.nextInt(2) * 7, samples);
      check(
          AvcSampleMap.plan(fragment.samples(), config(4), fragment, Scheme.CENC),
          fragment.samples());
    }
  }

  @Test
  void protectsAllBehindTheHeaderOfASliceUnderCbcs() {
    for (int payload = 0; payload < 80; payload++) {
      byte[] sample = sample(other(9, 2), slice(payload), slice(64), other(12, 9));
      assertThat(cbcsEntries(sample))
          .isEqualTo(
              payload == 0 ? List.of("20+64", "13+0") : List.of("13+" + payload, "7+64", "13+0"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {42, 43, 64, 300})
  void allowsUnderCbcsTheSubsamplesThatFitWithoutIv(int slices) {
    byte[][] nals = new byte[slices][];
    Arrays.fill(nals, slice(20));
    if (slices <= 42) {
      assertThat(cbcsEntries(sample(nals))).hasSize(42).containsOnly("7+20");
    } else {
      assertThatExceptionOfType(ContentFailure.class)
          .isThrownBy(() -> cbcsEntries(sample(nals)))
          .withMessageStartingWith("subsamples: %d (expected: <= 42)", slices);
    }
  }

  @Test
  void plansTheFirstSampleAloneAsInItsFragment() {
    var fragment =
        new FragmentOfBytes(3, List.of(sample(sps(0), pps(false), slice(300)), sample(slice(50))));
    for (var scheme : List.of(Scheme.CENC, Scheme.CBCS)) {
      var whole = AvcSampleMap.plan(fragment.samples(), config(4), fragment, scheme);
      var alone = AvcSampleMap.plan(fragment.samples().first(), config(4), fragment, scheme);
      assertThat(alone.sampleCount()).isEqualTo(1);
      assertThat(alone.entryCount(0)).isEqualTo(whole.entryCount(0)).isEqualTo(1);
      assertThat(alone.clearBytes(0, 0)).isEqualTo(whole.clearBytes(0, 0));
      assertThat(alone.protectedBytes(0, 0)).isEqualTo(whole.protectedBytes(0, 0));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CLEAR", "CBC"})
  void refusesSchemesThatAreNotOfSamples(Scheme scheme) {
    var fragment = new FragmentOfBytes(0, List.of(sample(slice(16))));
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> AvcSampleMap.plan(fragment.samples(), config(4), fragment, scheme))
        .withMessage("scheme: %s (expected: CENC or CBCS)", scheme);
  }

  @Test
  void protectsAudioWhole() {
    var fragment = new FragmentOfBytes(0, List.of(new byte[5], new byte[0], new byte[700]));
    var map = SubsampleMap.fullSamples(fragment.samples());
    assertThat(map.hasSubsamples()).isFalse();
    assertThat(map.sampleCount()).isEqualTo(3);
    assertThat(map.entryCount(2)).isZero();
    assertThat(map.totalProtectedBytes()).isEqualTo(705);
  }

  private static void check(SubsampleMap map, FragmentSamples samples) {
    assertThat(map.sampleCount()).isEqualTo(samples.count());
    assertThat(map.hasSubsamples()).isTrue();
    long totalProtected = 0;
    int totalEntries = 0;
    for (int sample = 0; sample < samples.count(); sample++) {
      long sum = 0;
      assertThat(map.entryCount(sample)).isBetween(0, 40);
      for (int k = 0; k < map.entryCount(sample); k++) {
        assertThat(map.clearBytes(sample, k)).isBetween(0, 65_535);
        assertThat(map.protectedBytes(sample, k)).isNotNegative();
        assertThat(map.protectedBytes(sample, k) % 16).isZero();
        assertThat(map.clearBytes(sample, k) + map.protectedBytes(sample, k)).isPositive();
        sum += map.clearBytes(sample, k) + map.protectedBytes(sample, k);
        totalProtected += map.protectedBytes(sample, k);
        totalEntries++;
      }
      assertThat(sum).isEqualTo(samples.sizeBytes(sample));
    }
    assertThat(map.totalProtectedBytes()).isEqualTo(totalProtected);
    assertThat(map.totalEntryCount()).isEqualTo(totalEntries);
    assertThat(map.weightBytes()).isGreaterThan(6 * totalEntries + 4 * samples.count());
  }

  private static SubsampleMap plan(int lengthFieldBytes, byte[]... samples) {
    var fragment = new FragmentOfBytes(0, List.of(samples));
    var map =
        AvcSampleMap.plan(fragment.samples(), config(lengthFieldBytes), fragment, Scheme.CENC);
    check(map, fragment.samples());
    return map;
  }

  private static List<String> entries(byte[]... samples) {
    var map = plan(4, samples);
    var entries = new ArrayList<String>();
    for (int sample = 0; sample < map.sampleCount(); sample++) {
      for (int k = 0; k < map.entryCount(sample); k++) {
        entries.add(map.clearBytes(sample, k) + "+" + map.protectedBytes(sample, k));
      }
    }
    return entries;
  }

  private static List<String> cbcsEntries(byte[] sample) {
    var fragment = new FragmentOfBytes(0, List.of(sample));
    var map = AvcSampleMap.plan(fragment.samples(), config(4), fragment, Scheme.CBCS);
    var entries = new ArrayList<String>();
    for (int k = 0; k < map.entryCount(0); k++) {
      entries.add(map.clearBytes(0, k) + "+" + map.protectedBytes(0, k));
    }
    return entries;
  }

  private static void refuses(int lengthBytes, byte[] sample, FailureCode code, String message) {
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> plan(lengthBytes, sample))
        .withMessage("%s", message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  private static byte[] sample(byte[]... nals) {
    return FragmentOfBytes.sample(4, nals);
  }

  private static byte[] slice(int payloadBytes) {
    return new NalWriter(0, 1).ue(0).ue(7).ue(0).u(4, 1).se(0).toNal(payloadBytes, 0xff);
  }

  private static byte[] other(int type, int bytes) {
    return new NalWriter(0, type).toNal(bytes - 1, 0x80);
  }

  private static byte[] sps(int frameNumBitsMinus4) {
    return new NalWriter(3, 7)
        .u(8, 66)
        .u(16, 10)
        .ue(0)
        .ue(frameNumBitsMinus4)
        .ue(2)
        .ue(1)
        .u(1, 0)
        .ue(7)
        .ue(5)
        .u(3, 7)
        .toNal();
  }

  private static byte[] pps(boolean weighted) {
    return new NalWriter(3, 8)
        .ue(0)
        .ue(0)
        .u(2, 0)
        .ue(0)
        .ue(0)
        .ue(0)
        .flag(weighted)
        .u(2, 0)
        .se(0)
        .se(0)
        .se(0)
        .u(3, 0)
        .u(1, 1)
        .toNal();
  }

  private static AvcConfig config(int lengthFieldBytes) {
    return new AvcConfig(66, 0, 10, lengthFieldBytes, List.of(sps(0)), List.of(pps(false)));
  }
}
