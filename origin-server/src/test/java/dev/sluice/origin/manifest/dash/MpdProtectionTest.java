package dev.sluice.origin.manifest.dash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.drm.CommonPssh;
import dev.sluice.origin.drm.ContentProtection;
import dev.sluice.origin.drm.ContentProtection.SystemSignal;
import dev.sluice.origin.drm.SystemIds;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.dash.ParsedMpd.Element;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.mp4.PsshBox;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.Test;

final class MpdProtectionTest {
  private static final String AWKWARD_URL = "https://x/?a=1&b=<2>";

  @Test
  void describesEverySystemInTheOrderThatPlayersTake() throws XMLStreamException {
    for (ParsedMpd set : parse(Presentations.ONE_KEY.presentation()).sets()) {
      assertThat(set.all("ContentProtection"))
          .extracting(p -> p.get("schemeIdUri"))
          .containsExactly(
              "urn:mpeg:dash:mp4protection:2011",
              "urn:uuid:e2719d58-a985-b3c9-781a-b030af78d30e",
              "urn:uuid:1077efec-c0b2-4d02-ace3-3c1e52e2fb4b",
              "urn:uuid:9a04f079-9840-4286-ab92-e65be0885f95",
              "urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed");
      assertThat(set.all("ContentProtection").getFirst().attributes())
          .containsEntry("value", "cenc")
          .containsEntry("default_KID", "8ba94ade-6eb9-449d-b44f-a5beefaf43b0");
    }
  }

  @Test
  void carriesEachBoxByteByByte() throws XMLStreamException {
    var presentation = Presentations.ONE_KEY.presentation();
    var protection =
        (ContentProtection) presentation.tracks().getFirst().protection().orElseThrow();
    var systems = protection.systems();
    var playReady = (SystemSignal.PlayReady) systems.get(1);
    var widevine = (SystemSignal.Widevine) systems.get(2);
    ParsedMpd video = parse(presentation).sets().getFirst();

    assertThat(video.all("pssh"))
        .extracting(p -> bytes(p))
        .containsExactly(
            CommonPssh.of(List.of(Presentations.HD_KEY)), playReady.pssh(), widevine.pssh());
    Bytes object = bytes(video.all("pro").getFirst());
    assertThat(PsshBox.read(bytes(video.all("pssh").get(1)).asBuffer()))
        .isEqualTo(PsshBox.of(SystemIds.PLAY_READY, object));
    assertThat(new String(object.toArray(), StandardCharsets.UTF_16LE))
        .contains("<LA_URL>https://x/?a=1&amp;b=&lt;2&gt;</LA_URL>");
  }

  @Test
  void escapesLicenseUrls() throws XMLStreamException {
    ParsedMpd video = parse(Presentations.ONE_KEY.presentation()).sets().getFirst();

    assertThat(video.all("Laurl")).extracting(Element::text).containsOnly(AWKWARD_URL).hasSize(2);
    assertThat(video.all("Laurl"))
        .extracting(Element::namespace)
        .containsOnly("https://dashif.org/CPS");
    assertThat(video.all("laurl").getFirst().get("licenseUrl")).isEqualTo(AWKWARD_URL);
  }

  @Test
  void splitsALadderByKeyAndLetsClientsSwitch() throws XMLStreamException {
    var sets = parse(Presentations.TWO_KEYS.presentation()).sets();

    assertThat(sets)
        .extracting(set ->
            set.all("ContentProtection").stream()
                .map(p -> p.get("default_KID"))
                .filter(keyId -> !keyId.isEmpty())
                .toList())
        .containsExactly(
            List.of(Presentations.SD_KEY.toString()),
            List.of(Presentations.HD_KEY.toString()),
            List.of());
    assertThat(sets)
        .extracting(
            set -> set.all("SupplementalProperty").stream().map(p -> p.get("value")).toList())
        .containsExactly(List.of("2"), List.of("1"), List.of());
  }

  @Test
  void namesThePatternSchemeAndSignalsNoCounterMode() throws XMLStreamException {
    for (ParsedMpd set : parse(Presentations.CBCS.presentation()).sets()) {
      Element common = set.all("ContentProtection").getFirst();
      assertThat(common.get("schemeIdUri")).isEqualTo("urn:mpeg:dash:mp4protection:2011");
      assertThat(common.get("value")).isEqualTo("cbcs");
      assertThat(common.get("default_KID")).isEqualTo(Presentations.HD_KEY.toString());
      String header =
          new String(bytes(set.all("pro").getFirst()).toArray(), StandardCharsets.UTF_16LE);
      assertThat(header).contains("version=\"4.3.0.0\"", "AESCBC").doesNotContain("AESCTR");
    }
  }

  @Test
  void describesSegmentEncryptionInEverySet() throws XMLStreamException {
    var presentation = Presentations.ENVELOPE.presentation();
    var mpd = parse(presentation);

    var sets = Stream.concat(mpd.sets().stream(), mpd.trickModes().stream()).toList();
    assertThat(sets).hasSize(3);
    for (ParsedMpd set : sets) {
      assertThat(set.all("ContentProtection"))
          .extracting(p -> p.get("schemeIdUri"))
          .containsExactly("urn:mpeg:dash:sea:2012");
      assertThat(set.all("SegmentEncryption"))
          .extracting(e -> e.namespace() + " " + e.get("schemeIdUri"))
          .containsExactly("urn:mpeg:dash:schema:sea:2012 urn:mpeg:dash:sea:aes128-cbc:2013");
      assertThat(set.all("KeySystem"))
          .extracting(e -> e.get("keySystemUri"))
          .containsExactly("urn:mpeg:dash:sea:keysys:http:2013");
      // The IV as players take it apart: 0x and 32 digits.
      assertThat(set.all("CryptoPeriod"))
          .extracting(e -> e.get("IV") + " " + e.get("keyUriTemplate"))
          .containsExactly("0x000102030405060708090A0B0C0D0EFF " + AWKWARD_URL);
    }
    assertThat(render(presentation)).doesNotContain("xmlns:cenc").doesNotContain("default_KID");
  }

  @Test
  void saysNothingOfProtectionWhereThereIsNone() {
    assertThat(render(Presentations.CLEAR.presentation()))
        .doesNotContain("ContentProtection")
        .doesNotContain("xmlns:")
        .doesNotContain("encryption=");
  }

  @Test
  void saysNothingOfClearKeyWhereItIsOff() {
    var presentation = Presentations.ONE_KEY.presentation();
    var tracks =
        presentation.tracks().stream()
            .map(p -> Presentations.without(p, SystemSignal.ClearKey.class))
            .toList();

    assertThat(render(new Presentation(tracks, presentation.tags())))
        .doesNotContain("Laurl")
        .doesNotContain("e2719d58")
        .doesNotContain("1077efec")
        .contains("edef8ba9");
  }

  private static Bytes bytes(Element element) {
    return Bytes.copyOf(Base64.getDecoder().decode(element.text()));
  }

  private static String render(Presentation presentation) {
    return new String(new MpdRenderer().render(presentation), StandardCharsets.UTF_8);
  }

  private static ParsedMpd parse(Presentation presentation) throws XMLStreamException {
    return ParsedMpd.parse(new MpdRenderer().render(presentation));
  }
}
