package dev.sluice.origin.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sequence parameter sets that x264 wrote, with {@code -color_trc} of ffmpeg as named. */
final class AvcColourTest {
  private static final String PQ = "6764000aacd9457e597016a12201280000030008000003019078912cb0";

  @ParameterizedTest
  @CsvSource({
    "none,         SDR, 6764000aacd9457e597011000003000100000300320f122596",
    "bt709,        SDR, 6764000aacd9457e597016a02020280000030008000003019078912cb0",
    "smpte2084,    PQ,  6764000aacd9457e597016a12201280000030008000003019078912cb0",
    "arib-std-b67, HLG, 6764000aacd9457e597016a12241280000030008000003019078912cb0",
    "interlaced with an extended aspect ratio, HLG,"
        + "67640015acd9454f2cfff8011800db50212024000003000400000300c87c50a658"
  })
  void readsTheRangeOfTransferCharacteristics(String name, AvcColour colour, String sps) {
    assertThat(AvcColour.of(config(HexFormat.of().parseHex(sps)))).as(name).contains(colour);
  }

  @Test
  void takesStandardRangeWhereThereIsNoParameterSet() {
    assertThat(AvcColour.of(new AvcConfig(0x64, 0, 0x1f, 4, List.of(), List.of())))
        .contains(AvcColour.SDR);
  }

  @Test
  void saysNothingOfASetThatIsCutShort() {
    byte[] whole = HexFormat.of().parseHex(PQ);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      // The colours end with the fifteenth byte; behind it nothing matters.
      assertThat(AvcColour.of(config(cut)))
          .as("%d bytes", length)
          .isEqualTo(length < 15 ? Optional.empty() : Optional.of(AvcColour.PQ));
    }
  }

  private static AvcConfig config(byte[] sps) {
    return new AvcConfig(0x64, 0, 0x1f, 4, List.of(sps), List.of());
  }
}
