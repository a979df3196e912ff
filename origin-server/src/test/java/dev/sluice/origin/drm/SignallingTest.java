package dev.sluice.origin.drm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SignallingTest {
  private static final KeyId KEY_ID =
      KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();

  @Test
  void namesSchemeAndKeyInWidevineData() {
    assertThat(hex(WidevineData.of(Scheme.CENC, KEY_ID).toBytes()))
        .isEqualTo(
            "0801" // algorithm AESCTR
                + "12108ba94ade6eb9449db44fa5beefaf43b0" // key_id as printed
                + "48e3dc959b06"); // protection_scheme cenc
    assertThat(hex(WidevineData.of(Scheme.CBCS, KEY_ID).toBytes()))
        .isEqualTo("12108ba94ade6eb9449db44fa5beefaf43b0" + "48f3c6899b06");
  }

  @Test
  void writesProviderAndContentIdIntoWidevineData() {
    var contentId = Bytes.copyOf("bear".getBytes(StandardCharsets.UTF_8));
    var data =
        new WidevineData(
            Scheme.CENC, List.of(KEY_ID), Optional.of("sluice"), Optional.of(contentId));

    assertThat(hex(data.toBytes()))
        .isEqualTo(
            "0801"
                + "12108ba94ade6eb9449db44fa5beefaf43b0"
                + "1a06736c75696365"
                + "220462656172"
                + "48e3dc959b06");
  }

  @Test
  void listsKeyIdsInTheCommonPssh() {
    var first = KeyId.parse("30313233-3435-3637-3839-303132333435").orElseThrow();
    var second = KeyId.parse("41424344-4546-4748-494a-4b4c4d4e4f50").orElseThrow();

    assertThat(hex(CommonPssh.of(List.of(first, second))))
        .isEqualTo(
            "000000447073736801000000"
                + "1077efecc0b24d02ace33c1e52e2fb4b"
                + "00000002"
                + "30313233343536373839303132333435"
                + "4142434445464748494a4b4c4d4e4f50"
                + "00000000");
  }

  @Test
  void fillsInTemplates() {
    var mediaId = Optional.of("media-1");
    assertThat(
            LicenseUrl.ofTemplate(
                "https://l/{AlternativeMediaId}/{ContentKeyId}?a={AssetAlternativeId}",
                KEY_ID,
                mediaId))
        .isEqualTo("https://l/media-1/" + KEY_ID + "?a=media-1");
    assertThat(LicenseUrl.ofTemplate("https://l/{AlternativeMediaId}/x", KEY_ID, Optional.empty()))
        .isEqualTo("https://l//x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      quoteCharacter = '\u0001',
      value = {
        "\"|%22",
        "&|%26",
        "<|%3C",
        "%|%25",
        "a b|a%20b",
        "\u00e4|%C3%A4",
        "\ud83d\ude00|%F0%9F%98%80",
        "{ContentKeyId}|%7BContentKeyId%7D",
        "/../?#|%2F..%2F%3F%23",
        "aZ09-._~|aZ09-._~",
        "'|%27"
      })
  void percentEncodesWhatWouldEndAnAttributeOrAUrl(String mediaId, String encoded) {
    assertThat(LicenseUrl.ofTemplate("x{AlternativeMediaId}y", KEY_ID, Optional.of(mediaId)))
        .isEqualTo("x" + encoded + "y");
  }

  @Test
  void percentEncodesEveryControlCharacter() {
    for (char c = 0; c < ' '; c++) {
      assertThat(
              LicenseUrl.ofTemplate("{AssetAlternativeId}", KEY_ID, Optional.of(String.valueOf(c))))
          .isEqualTo(String.format(Locale.ROOT, "%%%02X", (int) c));
    }
  }

  @Test
  void addsTheKeyIdToABaseUrl() {
    assertThat(LicenseUrl.ofBase("https://l.example/keys/", KEY_ID))
        .isEqualTo("https://l.example/keys/?kid=" + KEY_ID);
    assertThat(LicenseUrl.ofBase("https://l.example/keys/?a=1", KEY_ID))
        .isEqualTo("https://l.example/keys/?a=1&kid=" + KEY_ID);
  }

  private static String hex(Bytes bytes) {
    return HexFormat.of().formatHex(bytes.toArray());
  }
}
