package dev.sluice.origin.mp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.ContentFailure;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ElementaryStreamBoxTest {

  @ParameterizedTest
  @CsvSource({
    "with SLConfigDescriptor, 03190000 00041140 15000000 0001f400 0001f36b 05021190 060102",
    "without it,              03160000 00041140 15000000 0001f400 0001f36b 05021190",
    "with lengths of 4 bytes, 03808080220000 00048080801440 15000000 0001f400 0001f36b"
        + " 05808080021190 06808080 0102"
  })
  void readsTheDescriptors(String name, String hex) {
    var stream = ElementaryStreamBox.read(box("00000000" + hex));
    assertThat(stream.objectType()).as(name).isEqualTo(0x40);
    assertThat(stream.maxBitrate()).isEqualTo(128_000);
    assertThat(stream.averageBitrate()).isEqualTo(127_851);
    assertThat(HexFormat.of().formatHex(stream.decoderSpecificInfo().toArray())).isEqualTo("1190");
  }

  @ParameterizedTest
  @CsvSource({
    "'DecoderConfigDescriptor: 17 bytes (expected: >= 13, within its stream)',"
        + " 03150000 00041140 15000000 0001f400 0001f36b 05021190",
    "'DecoderSpecificInfo: 2 bytes (expected: within its DecoderConfigDescriptor)',"
        + " 03160000 00041040 15000000 0001f400 0001f36b 05021190"
  })
  void refusesADescriptorThatIsLargerThanItsOwner(String message, String hex) {
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> ElementaryStreamBox.read(box("00000000" + hex)))
        .satisfies(e -> assertThat(e.detail()).contains(message));
  }

  @Test
  void refusesItselfCutShort() {
    String whole = "00000000 03160000 00041140 15000000 0001f400 0001f36b 05021190";
    byte[] bytes = HexFormat.of().parseHex(whole.replace(" ", ""));
    for (int length = 0; length < bytes.length; length++) {
      String cut = HexFormat.of().formatHex(bytes, 0, length);
      assertThatExceptionOfType(ContentFailure.class)
          .as("%d bytes", length)
          .isThrownBy(() -> ElementaryStreamBox.read(box(cut)));
    }
  }

  private static BoxReader box(String hex) {
    byte[] payload = HexFormat.of().parseHex(hex.replace(" ", ""));
    var box = ByteBuffer.allocate(8 + payload.length).putInt(8 + payload.length).putInt(0x65736473);
    return BoxReader.ofBox(box.put(payload).flip(), 0);
  }
}
