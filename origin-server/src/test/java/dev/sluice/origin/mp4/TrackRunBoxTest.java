package dev.sluice.origin.mp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.ContentFailure;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class TrackRunBoxTest {
  private static final String ALL_FIELDS =
      "00000f05 00000002 00000064 02000000"
          + " 00000200 00000010 01010000 fffffe00"
          + " 00000100 00000020 00010000 00000400";

  @Test
  void readsEveryField() {
    TrackRunBox run = TrackRunBox.read(box(ALL_FIELDS));
    assertThat(run.sampleCount()).isEqualTo(2);
    assertThat(run.dataOffset()).hasValue(100);
    assertThat(run.durationTicks(1, 7)).isEqualTo(256);
    assertThat(run.sizeBytes(0, 7)).isEqualTo(16);
    assertThat(run.flags(0, 7)).isEqualTo(0x02000000);
    assertThat(run.flags(1, 7)).isEqualTo(0x00010000);
    assertThat(run.compositionOffsetTicks(0)).isEqualTo(-512);
  }

  @Test
  void takesDefaultsForWhatTheRunDoesNotState() {
    TrackRunBox run = TrackRunBox.read(box("00000000 00000003"));
    assertThat(run.dataOffset()).isEmpty();
    assertThat(run.sizeBytes(2, 9)).isEqualTo(9);
    assertThat(run.compositionOffsetTicks(2)).isZero();
  }

  @Test
  void refusesMoreSamplesThanItHasBytes() {
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> TrackRunBox.read(box("00000200 00000003 00000001 00000002")))
        .withMessage(
            "sample_count: 3 (expected: entries of 4 bytes, 8 are left)"
                + " at trun, byte 1016 [ISOBMFF 8.8.8]");
  }

  @Test
  void refusesFourGigaSamplesOfTwentyBytes() {
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> TrackRunBox.read(box("00000000 ffffffff")))
        .withMessage(
            "sample_count: 4294967295 (expected: <= 1048576)"
                + " at trun, byte 1016 [ISOBMFF 8.8.8]");
  }

  @Test
  void refusesItselfCutShort() {
    byte[] payload = HexFormat.of().parseHex(ALL_FIELDS.replace(" ", ""));
    for (int length = 0; length < payload.length; length++) {
      BoxReader cut = box(HexFormat.of().formatHex(payload, 0, length));
      assertThatExceptionOfType(ContentFailure.class).isThrownBy(() -> TrackRunBox.read(cut));
    }
  }

  @Test
  void refusesBoxSizesThatCannotBe() {
    refuses("00000007 66726565", "size: 7 (expected: >= 8, its header)");
    refuses("00000009 66726565", "size: 9 (expected: <= 8, what is left of its parent)");
    refuses("00000001 66726565 000000000000000f", "size: 15 (expected: >= 16, its header)");
    refuses(
        "00000001 66726565 ffffffffffffffff",
        "size: 18446744073709551615 (expected: >= 16, its header)");
    refuses("00000001 66726565 0000", "largesize: cut short (expected: 8 bytes)");
  }

  private static void refuses(String hex, String message) {
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> BoxReader.ofBox(bytes, 5))
        .withMessage(message + " at top level, byte 5 [ISOBMFF 4.2.2]");
  }

  private static BoxReader box(String hex) {
    byte[] payload = HexFormat.of().parseHex(hex.replace(" ", ""));
    ByteBuffer box = ByteBuffer.allocate(8 + payload.length);
    box.putInt(8 + payload.length).putInt(0x7472756e).put(payload).flip();
    return BoxReader.ofBox(box, 1000);
  }
}
