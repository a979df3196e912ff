package dev.sluice.origin.mp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PsshBoxTest {
  private static final UUID COMMON = UUID.fromString("1077efec-c0b2-4d02-ace3-3c1e52e2fb4b");

  /** The example of the W3C's "cenc" Initialization Data Format. */
  private static final byte[] TWO_KEY_IDS =
      HexFormat.of()
          .parseHex(
              "000000447073736801000000" // size, type, version 1
                  + "1077efecc0b24d02ace33c1e52e2fb4b" // Common
                  + "00000002" // two key ids
                  + "30313233343536373839303132333435"
                  + "4142434445464748494a4b4c4d4e4f50"
                  + "00000000"); // no data

  @Test
  void readsTheExampleOfTheSpecification() {
    PsshBox box = PsshBox.read(ByteBuffer.wrap(TWO_KEY_IDS));

    assertThat(box.systemId()).isEqualTo(COMMON);
    assertThat(box.keyIds())
        .containsExactly(
            KeyId.parse("30313233-3435-3637-3839-303132333435").orElseThrow(),
            KeyId.parse("41424344-4546-4748-494a-4b4c4d4e4f50").orElseThrow());
    assertThat(box.data().size()).isZero();
  }

  @Test
  void writesBackWhatItRead() {
    assertThat(PsshBox.read(ByteBuffer.wrap(TWO_KEY_IDS)).toBytes())
        .isEqualTo(Bytes.copyOf(TWO_KEY_IDS));
  }

  @Test
  void writesBackABoxWithoutKeyIds() {
    PsshBox box = PsshBox.of(COMMON, Bytes.copyOf((byte) 1, (byte) 2));

    Bytes bytes = box.toBytes();

    assertThat(bytes.size()).isEqualTo(34);
    assertThat(PsshBox.read(bytes.asBuffer())).isEqualTo(box);
  }

  @Test
  void refusesItselfCutShortAtAnyLength() {
    for (int length = 0; length < TWO_KEY_IDS.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(TWO_KEY_IDS, 0, length).slice();
      assertThatExceptionOfType(ContentFailure.class).isThrownBy(() -> PsshBox.read(cut));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000003", "7fffffff", "ffffffff"})
  void refusesMoreKeyIdsThanItHolds(String count) {
    byte[] box = TWO_KEY_IDS.clone();
    ByteBuffer.wrap(box).put(28, HexFormat.of().parseHex(count));

    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> PsshBox.read(ByteBuffer.wrap(box)))
        .withMessage(
            "KID_count: %d (expected: <= 2, what fits the box) at pssh [CENC 8.1]"
                .formatted(Long.parseLong(count, 16)));
  }

  @Test
  void refusesAVersionThatItDoesNotKnow() {
    byte[] box = TWO_KEY_IDS.clone();
    box[8] = 2;

    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> PsshBox.read(ByteBuffer.wrap(box)))
        .withMessage("version: 2 (expected: 0 or 1) at pssh [CENC 8.1]");
  }

  @Test
  void refusesKeyIdsInVersionZero() {
    var keyIds = List.of(new KeyId(COMMON));
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new PsshBox(0, COMMON, keyIds, Bytes.copyOf()));
  }
}
