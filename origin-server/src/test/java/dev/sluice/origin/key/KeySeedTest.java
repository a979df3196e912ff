package dev.sluice.origin.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.media.KeyId;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeySeedTest {
  private static final byte[] TEST_SEED =
      Base64.getDecoder().decode("XVBovsmzhP9gRIZxWfFta3VVRPzVEWmJsazEJ46I");

  @ParameterizedTest
  @CsvSource({
    "8ba94ade-6eb9-449d-b44f-a5beefaf43b0, dbfd6922c321c4bb486f4a1c44097ed6, Me48z71nuqY=",
    "339C45B5-FB6D-4BD9-994C-EABD9D41C95B, a537cdc0ca65841406d525e7bf22d754, Dnd2+tOluB4="
  })
  void derivesThePublishedVectors(String guid, String hex, String checksum) {
    try (var key = KeySeed.derive(TEST_SEED, KeyId.parse(guid).orElseThrow())) {
      assertThat(HexFormat.of().formatHex(key.copyValue())).isEqualTo(hex);
      assertThat(PlayReadyChecksum.of(key).toArray())
          .isEqualTo(Base64.getDecoder().decode(checksum));
    }
  }

  @Test
  void refusesASeedOfTooFewBytes() {
    var id = KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> KeySeed.derive(Arrays.copyOf(TEST_SEED, 29), id))
        .withMessage("key seed: 29 bytes (expected: at least 30 bytes)");
  }

  @Test
  void cutsALongerSeedAtThirtyBytes() {
    var id = KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();
    try (var exact = KeySeed.derive(TEST_SEED, id);
        var longer = KeySeed.derive(Arrays.copyOf(TEST_SEED, 31), id)) {
      assertThat(longer.copyValue()).isEqualTo(exact.copyValue());
    }
  }
}
