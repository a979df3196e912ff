package dev.sluice.origin.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AvcSliceHeaderTest {
  private static final AvcParameterSets NONE =
      AvcParameterSets.of(new AvcConfig(66, 0, 10, 4, List.of(), List.of()));

  /** Baseline, 128x96, 4 bits of frame_num, order count type 2, CAVLC, no deblocking control. */
  static NalWriter plainSps() {
    return new NalWriter(3, 7)
        .u(8, 66)
        .u(16, 10)
        .ue(0)
        .ue(0)
        .ue(2)
        .ue(1)
        .u(1, 0)
        .ue(7)
        .ue(5)
        .u(3, 7);
  }

  static NalWriter plainPps() {
    return new NalWriter(3, 8)
        .ue(0)
        .ue(0)
        .u(2, 0)
        .ue(0)
        .ue(0)
        .ue(0)
        .u(1, 0)
        .u(2, 0)
        .se(0)
        .se(0)
        .se(0)
        .u(3, 0)
        .u(1, 1);
  }

  static AvcParameterSets plain() {
    return NONE.accept(plainSps().toNal()).accept(plainPps().toNal());
  }

  @Test
  void findsTheEndOfHeadersThatUseEveryBranch() {
    int escaped = 0;
    for (int seed = 0; seed < 4000; seed++) {
      var syntax = new AvcSyntax(seed);
      var sets = NONE.accept(syntax.sps()).accept(syntax.pps());
      for (int i = 0; i < 3; i++) {
        var header = syntax.slice();
        int expected = header.toNal().length;
        escaped += expected > (header.bitCount() + 7) / 8 ? 1 : 0;
        assertThat(AvcSliceHeader.lengthBytes(header.toNal(40, 0xa5), sets))
            .as("seed %d, slice %d", seed, i)
            .isEqualTo(expected);
        assertThat(AvcSliceHeader.lengthBytes(header.toNal(40, 0), sets)).isEqualTo(expected);
      }
    }
    assertThat(escaped).as("headers with emulation prevention inside").isGreaterThan(500);
  }

  @Test
  void refusesHeadersAndSetsCutShortAtEveryByte() {
    for (int seed = 0; seed < 150; seed++) {
      var syntax = new AvcSyntax(seed);
      byte[] sps = syntax.sps();
      byte[] pps = syntax.pps();
      var sets = NONE.accept(sps).accept(pps);
      byte[] slice = syntax.slice().toNal();
      for (int length = 0; length < slice.length; length++) {
        byte[] cut = Arrays.copyOf(slice, length);
        assertThat(AvcSliceHeader.findLengthBytes(ByteBuffer.wrap(cut), sets)).isEmpty();
        assertThatExceptionOfType(ContentFailure.class)
            .isThrownBy(() -> AvcSliceHeader.lengthBytes(cut, sets));
      }
      for (int length = 0; length < Math.min(sps.length, 200); length++) {
        acceptsOrRefuses(Arrays.copyOf(sps, length), sets);
      }
      for (int length = 0; length < Math.min(pps.length, 200); length++) {
        acceptsOrRefuses(Arrays.copyOf(pps, length), sets);
      }
    }
  }

  @Test
  void answersOrRefusesWhateverTheBytesAre() {
    var random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      var syntax = new AvcSyntax(round % 50);
      byte[] sps = syntax.sps();
      byte[] pps = syntax.pps();
      byte[] slice = syntax.slice().toNal(8, 1);
      for (byte[] nal : List.of(sps, pps, slice)) {
        if (random.nextBoolean()) {
          nal[random.nextInt(nal.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      try {
        int length = AvcSliceHeader.lengthBytes(slice, NONE.accept(sps).accept(pps));
        assertThat(length).isBetween(1, slice.length);
      } catch (ContentFailure failure) {
        assertThat(failure.code())
            .isIn(FailureCode.MPE_INPUT_NOT_SUPPORTED, FailureCode.MPE_NAL_NOT_SUPPORTED);
      }
    }
  }

  private static void acceptsOrRefuses(byte[] nal, AvcParameterSets sets) {
    try {
      assertThat(sets.accept(nal)).isNotNull();
    } catch (ContentFailure failure) {
      assertThat(failure.code()).isEqualTo(FailureCode.MPE_INPUT_NOT_SUPPORTED);
    }
  }

  @Test
  void countsEmulationPreventionInsideTheHeaderAndNotBehindIt() {
    // order count type 0 with 16 bits, so that zeros can be had where they are wanted
    var sps =
        new NalWriter(3, 7)
            .u(8, 66)
            .u(16, 10)
            .ue(0)
            .ue(12)
            .ue(0)
            .ue(12)
            .ue(1)
            .u(1, 0)
            .ue(7)
            .ue(5)
            .u(3, 7);
    var sets = NONE.accept(sps.toNal()).accept(plainPps().toNal());
    // the bits of frame_num and its neighbours are zero over two bytes, and a byte of 1 follows
    var inside = new NalWriter(0, 1).ue(0).ue(2).ue(0).u(16, 0).u(16, 1).se(0);
    assertThat(inside.bitCount()).isEqualTo(46);
    assertThat(inside.toNal()).hasSize(7).startsWith(0x01, 0xb8, 0, 0, 3);
    assertThat(AvcSliceHeader.lengthBytes(inside.toNal(20, 0xff), sets)).isEqualTo(7);
    // slice_qp_delta -32 takes 13 bits, the last ones zero up to the end of its byte
    var behind = new NalWriter(0, 1).ue(0).ue(2).ue(0).u(16, 0xffff).u(16, 0xffff);
    behind.ue((1 << 9) - 1);
    assertThat(behind.bitCount()).isEqualTo(64);
    byte[] nal = behind.toNal(20, 0);
    assertThat(AvcSliceHeader.lengthBytes(nal, sets)).isEqualTo(8);
  }

  @Test
  void refusesASliceThatRefersToAnUnknownPictureParameterSet() {
    refuses(
        new NalWriter(0, 1).ue(0).ue(2).ue(9).toNal(20, 1),
        plain(),
        "pic_parameter_set_id: 9 (expected: a parameter set that the fragment or its header"
            + " holds) at NAL type 1, bit 12");
  }

  @Test
  void refusesAnAbsentSequenceParameterSetOnlyWhenASliceUsesIt() {
    var sets = NONE.accept(plainPps().toNal());
    byte[] slice = new NalWriter(0, 1).ue(0).ue(2).ue(0).u(4, 0).se(0).toNal(20, 1);
    refuses(
        slice,
        sets,
        "seq_parameter_set_id: 0 (expected: a parameter set that the fragment or its header"
            + " holds) at NAL type 1, bit 12");
    assertThat(AvcSliceHeader.lengthBytes(slice, sets.accept(plainSps().toNal()))).isEqualTo(3);
  }

  @Test
  void leavesTheFirstSetsAsTheyWere() {
    var first = plain();
    var second =
        first.accept(
            new NalWriter(3, 7)
                .u(8, 66)
                .u(16, 10)
                .ue(0)
                .ue(12)
                .ue(2)
                .ue(1)
                .u(1, 0)
                .ue(7)
                .ue(5)
                .u(3, 7)
                .toNal());
    byte[] slice = new NalWriter(0, 1).ue(0).ue(2).ue(0).u(4, 0).se(0).toNal(20, 0xff);
    assertThat(AvcSliceHeader.lengthBytes(slice, first)).isEqualTo(3);
    assertThat(AvcSliceHeader.lengthBytes(slice, second)).isEqualTo(4);
    assertThat(first.accept(plainSps().toNal())).isSameAs(first);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 3, 4, 17, 18, 19, 20, 21, 22, 23, 24, 28, 31})
  void refusesUnitsThatCouldHoldPicturesItCannotProtect(int type) {
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> AvcSliceHeader.lengthBytes(new NalWriter(0, type).toNal(9, 1), plain()))
        .withMessage(
            "nal_unit_type: %d (expected: 1, or 5 to 16) at NAL type %d, bit 3", type, type)
        .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.MPE_NAL_NOT_SUPPORTED));
  }

  @Test
  void saysWhereAHeaderIsMalformed() {
    refuses(
        new NalWriter(0, 1).ue(0).ue(10).toNal(9, 1),
        plain(),
        "slice_type: 10 (expected: <= 9) at NAL type 1, bit 9");
    refuses(
        new NalWriter(0, 1).u(40, 0).toNal(9, 1),
        plain(),
        "first_mb_in_slice: an exp-Golomb code of more than 63 bits (expected: less)"
            + " at NAL type 1, bit 8");
    refuses(
        new byte[] {1, 0, 0, 1, 5, 5},
        plain(),
        "bytes in a NAL unit: 000001 (expected: 03 after two zero bytes) at NAL type 1, bit 8");
    refuses(
        new byte[] {(byte) 0x81, 5},
        plain(),
        "forbidden_zero_bit: 1 (expected: 0) at NAL type 1, bit 0");
    refuses(
        new byte[] {1},
        plain(),
        "slice: 1 bytes (expected: no end within its header) at NAL type 1, bit 8");
    refuses(
        new byte[0],
        plain(),
        "slice: 0 bytes (expected: no end within its header) at an empty NAL unit");
  }

  @Test
  void refusesListsWithoutEnd() {
    var header = new NalWriter(0, 1).ue(0).ue(0).ue(0).u(4, 0).u(1, 0).u(1, 1);
    for (int i = 0; i < 33; i++) {
      header.ue(0).ue(0);
    }
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> AvcSliceHeader.lengthBytes(header.toNal(9, 1), plain()))
        .withMessageStartingWith("modifications of a reference list: more than 32");
    var marking = new NalWriter(1, 1).ue(0).ue(2).ue(0).u(4, 0).u(1, 1);
    for (int i = 0; i < 67; i++) {
      marking.ue(5);
    }
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> AvcSliceHeader.lengthBytes(marking.toNal(9, 1), plain()))
        .withMessageStartingWith("memory management operations: more than 66");
  }

  private static void refuses(byte[] nal, AvcParameterSets sets, String message) {
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> AvcSliceHeader.lengthBytes(nal, sets))
        .withMessage("%s", message);
  }
}
