package dev.sluice.origin.drm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.mp4.PsshBox;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

final class PlayReadyTest {
  private static final KeyId KEY_ID =
      KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();
  private static final Bytes CHECKSUM = Bytes.copyOf(Base64.getDecoder().decode("Me48z71nuqY="));
  private static final String AWKWARD_URL = "https://x/?a=1&b=<2>";

  @Test
  void writesVersion40ForCenc() {
    assertThat(header(Scheme.CENC, Optional.of("https://l.example/"), Optional.empty()).toXml())
        .isEqualTo(
            "<WRMHEADER xmlns=\"http://schemas.microsoft.com/DRM/2007/03/PlayReadyHeader\""
                + " version=\"4.0.0.0\"><DATA>"
                + "<PROTECTINFO><KEYLEN>16</KEYLEN><ALGID>AESCTR</ALGID></PROTECTINFO>"
                + "<KID>3kqpi7lunUS0T6W+769DsA==</KID>"
                + "<CHECKSUM>Me48z71nuqY=</CHECKSUM>"
                + "<LA_URL>https://l.example/</LA_URL>"
                + "</DATA></WRMHEADER>");
  }

  @Test
  void writesVersion43WithoutChecksumForCbcs() {
    assertThat(header(Scheme.CBCS, Optional.empty(), Optional.empty()).toXml())
        .isEqualTo(
            "<WRMHEADER xmlns=\"http://schemas.microsoft.com/DRM/2007/03/PlayReadyHeader\""
                + " version=\"4.3.0.0\"><DATA><PROTECTINFO><KIDS>"
                + "<KID ALGID=\"AESCBC\" VALUE=\"3kqpi7lunUS0T6W+769DsA==\"></KID>"
                + "</KIDS></PROTECTINFO></DATA></WRMHEADER>");
  }

  @Test
  void escapesWhatXmlWouldTakeForMarkup() throws Exception {
    String xml =
        header(Scheme.CENC, Optional.of(AWKWARD_URL), Optional.of("name1:<value1>")).toXml();

    assertThat(xml)
        .contains("<LA_URL>https://x/?a=1&amp;b=&lt;2&gt;</LA_URL>")
        .contains("<CUSTOMATTRIBUTES>name1:&lt;value1&gt;</CUSTOMATTRIBUTES>");
    var document =
        DocumentBuilderFactory.newDefaultNSInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(xml)));
    assertThat(document.getElementsByTagNameNS("*", "LA_URL").item(0).getTextContent())
        .isEqualTo(AWKWARD_URL);
  }

  @Test
  void refusesACharacterThatXmlHasNot() {
    var header = header(Scheme.CENC, Optional.empty(), Optional.of("a\u0000b"));

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(header::toXml)
        .withMessage("PlayReady header: character 0x0 (expected: none that XML has not)");
  }

  @Test
  void countsTheObjectInBytesAndLittleEndian() {
    var header = header(Scheme.CENC, Optional.of(AWKWARD_URL), Optional.empty());

    ByteBuffer object =
        PlayReadyObject.of(header).bytes().asBuffer().order(ByteOrder.LITTLE_ENDIAN);

    assertThat(object.getInt()).isEqualTo(object.capacity());
    assertThat(object.getShort()).isEqualTo((short) 1);
    assertThat(object.getShort()).isEqualTo((short) 1);
    assertThat(object.getShort()).isEqualTo((short) object.remaining());
    assertThat(StandardCharsets.UTF_16LE.decode(object).toString()).isEqualTo(header.toXml());
  }

  @Test
  void holdsTheSameObjectInItsPssh() {
    var object = PlayReadyObject.of(header(Scheme.CENC, Optional.empty(), Optional.empty()));

    assertThat(PsshBox.read(object.toPssh().asBuffer()))
        .isEqualTo(PsshBox.of(SystemIds.PLAY_READY, object.bytes()));
    assertThat(HexFormat.of().formatHex(object.toPssh().toArray(), 12, 28))
        .isEqualTo("9a04f07998404286ab92e65be0885f95");
  }

  @Test
  void refusesAnObjectThatClientsWouldNotRead() {
    var header = header(Scheme.CENC, Optional.empty(), Optional.of("x".repeat(8000)));

    assertThatExceptionOfType(ServerFailure.class).isThrownBy(() -> PlayReadyObject.of(header));
  }

  private static PlayReadyHeader header(
      Scheme scheme, Optional<String> licenseUrl, Optional<String> customAttributes) {
    return new PlayReadyHeader(scheme, KEY_ID, CHECKSUM, licenseUrl, customAttributes);
  }
}
