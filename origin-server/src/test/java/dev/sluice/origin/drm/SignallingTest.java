package dev.sluice.origin.drm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.drm.ContentProtection.SystemSignal;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.mp4.PsshBox;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SignallingTest {
  private static final KeyId KEY_ID =
      KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();
  private static final Bytes CHECKSUM = Bytes.copyOf(new byte[8]);

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
  void signalsNothingThatIsNotAskedFor() {
    var none =
        new Signalling(
            Optional.empty(), false, Optional.empty(), false, Optional.empty(), Optional.empty());

    assertThat(none.of(Scheme.CENC, KEY_ID, Optional.empty(), CHECKSUM))
        .isEqualTo(new ContentProtection(Scheme.CENC, KEY_ID, Optional.empty(), List.of()));
  }

  @Test
  void signalsClearKeyThenPlayReadyThenWidevineForTheKey() {
    var all =
        new Signalling(
            Optional.of("https://l.example/ck/{ContentKeyId}"),
            true,
            Optional.of("https://l.example/pr/{ContentKeyId}"),
            true,
            Optional.of("https://l.example/wv/{ContentKeyId}"),
            Optional.of("name1:value1"));

    var systems = all.of(Scheme.CENC, KEY_ID, Optional.empty(), CHECKSUM).systems();

    assertThat(systems).hasSize(3);
    assertThat(systems.get(0))
        .isEqualTo(
            new SystemSignal.ClearKey(
                "https://l.example/ck/" + KEY_ID, CommonPssh.of(List.of(KEY_ID))));
    var playReady = (SystemSignal.PlayReady) systems.get(1);
    assertThat(new String(playReady.playReadyObject().toArray(), StandardCharsets.UTF_16LE))
        .contains("<LA_URL>https://l.example/pr/" + KEY_ID + "</LA_URL>")
        .contains("<CUSTOMATTRIBUTES>name1:value1</CUSTOMATTRIBUTES>");
    assertThat(PsshBox.read(playReady.pssh().asBuffer()).data())
        .isEqualTo(playReady.playReadyObject());
    assertThat(systems.get(2))
        .isEqualTo(
            new SystemSignal.Widevine(
                WidevineData.of(Scheme.CENC, KEY_ID).toPssh(),
                Optional.of("https://l.example/wv/" + KEY_ID)));
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
