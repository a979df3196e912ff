package dev.sluice.origin.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.ContentFailure;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DecoderConfigTest {
  private static final String AVCC = "0164001fffe1000467640a0b01000268ee";

  @ParameterizedTest
  @CsvSource({
    "1190, 2, 48000, 2", // LC
    "119056e500, 2, 48000, 2", // LC, says that there is no SBR
    "131056e59d4880, 29, 48000, 2", // PS behind LC, 24 kHz stereo
    "2b118800, 5, 48000, 2", // SBR ahead of LC, 24 kHz
    "eb098800, 29, 48000, 2", // PS ahead of LC, mono
    "11b8, 2, 48000, 8", // channel configuration 7
    "1780bb8010, 2, 96000, 2" // 24 bits of sample rate
  })
  void readsAudioSpecificConfig(String hex, int objectType, int sampleRateHz, int channels) {
    assertThat(AacConfig.parse(bytes(hex)))
        .isEqualTo(new AacConfig(objectType, sampleRateHz, channels));
  }

  @ParameterizedTest
  @CsvSource({"''", "11", "1180", "f94046", "16ff"})
  void refusesOtherAudio(String hex) {
    assertThatExceptionOfType(ContentFailure.class).isThrownBy(() -> AacConfig.parse(bytes(hex)));
  }

  @Test
  void readsAvcDecoderConfiguration() {
    AvcConfig config = AvcConfig.parse(bytes(AVCC));
    assertThat(config.codecString("avc1")).isEqualTo("avc1.64001f");
    assertThat(config.nalLengthBytes()).isEqualTo(4);
    assertThat(config.sps().getFirst()).containsExactly(0x67, 0x64, 0x0a, 0x0b);
    assertThat(config.pps().getFirst()).containsExactly(0x68, 0xee);
  }

  @Test
  void refusesAvcConfigurationCutShort() {
    ByteBuffer whole = bytes(AVCC);
    for (int length = 0; length < whole.limit(); length++) {
      ByteBuffer cut = whole.slice(0, length);
      assertThatExceptionOfType(ContentFailure.class).isThrownBy(() -> AvcConfig.parse(cut));
    }
  }

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
  }
}
