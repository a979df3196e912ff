package dev.sluice.origin.drm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.origin.drm.PlayReadyHeader.Version;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.mp4.PsshBox;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** Keys and checksums are Microsoft's published ones, of its public test seed. */
final class PlayReadyTest {
  private static final KeyId FIRST_ID =
      KeyId.parse("339c45b5-fb6d-4bd9-994c-eabd9d41c95b").orElseThrow();
  private static final KeyId SECOND_ID =
      KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();
  private static final PlayReadyHeader.Key FIRST =
      key(FIRST_ID, "a537cdc0ca65841406d525e7bf22d754");
  private static final PlayReadyHeader.Key SECOND =
      key(SECOND_ID, "dbfd6922c321c4bb486f4a1c44097ed6");
  private static final String AWKWARD_URL = "https://x/?a=1&b=<2>";
  private static final PlayReadyCustomAttributes ATTRIBUTES =
      PlayReadyCustomAttributes.parse("name1:value1, name2:a:<b>&\"c\"").orElseThrow();
  private static final String XMLNS =
      "xmlns=\"http://schemas.microsoft.com/DRM/2007/03/PlayReadyHeader\"";

  @Test
  void writesVersion40ForOneKeyUnderCtr() {
    assertThat(header(Scheme.CENC, Optional.of("https://l.example/"), SECOND).toXml())
        .isEqualTo(
            "<WRMHEADER "
                + XMLNS
                + " version=\"4.0.0.0\"><DATA>"
                + "<PROTECTINFO><KEYLEN>16</KEYLEN><ALGID>AESCTR</ALGID></PROTECTINFO>"
                + "<KID>3kqpi7lunUS0T6W+769DsA==</KID>"
                + "<CHECKSUM>Me48z71nuqY=</CHECKSUM>"
                + "<LA_URL>https://l.example/</LA_URL>"
                + "</DATA></WRMHEADER>");
  }

  @Test
  void writesVersion42ForSeveralKeysUnderCtr() {
    String golden =
        "<WRMHEADER "
            + XMLNS
            + " version=\"4.2.0.0\"><DATA><PROTECTINFO><KIDS>"
            + "<KID ALGID=\"AESCTR\" CHECKSUM=\"Dnd2+tOluB4=\" VALUE=\"tUWcM2372UuZTOq9nUHJWw==\">"
            + "</KID>"
            + "<KID ALGID=\"AESCTR\" CHECKSUM=\"Me48z71nuqY=\" VALUE=\"3kqpi7lunUS0T6W+769DsA==\">"
            + "</KID>"
            + "</KIDS></PROTECTINFO><LA_URL>https://l.example/</LA_URL></DATA></WRMHEADER>";
    var url = Optional.of("https://l.example/");

    assertThat(header(Scheme.CENC, url, FIRST, SECOND).toXml()).isEqualTo(golden);
    assertThat(header(Scheme.CENC, url, SECOND, FIRST, SECOND).toXml()).isEqualTo(golden);
  }

  @Test
  void writesVersion43WithoutChecksumUnderCbc() {
    var first = PlayReadyHeader.Key.withoutChecksum(FIRST_ID);
    var second = PlayReadyHeader.Key.withoutChecksum(SECOND_ID);

    assertThat(header(Scheme.CBCS, Optional.empty(), second).toXml())
        .isEqualTo(
            "<WRMHEADER "
                + XMLNS
                + " version=\"4.3.0.0\"><DATA><PROTECTINFO><KIDS>"
                + "<KID ALGID=\"AESCBC\" VALUE=\"3kqpi7lunUS0T6W+769DsA==\"></KID>"
                + "</KIDS></PROTECTINFO></DATA></WRMHEADER>");
    assertThat(header(Scheme.CBCS, Optional.empty(), second, first).toXml())
        .contains(
            "<KIDS><KID ALGID=\"AESCBC\" VALUE=\"tUWcM2372UuZTOq9nUHJWw==\"></KID>"
                + "<KID ALGID=\"AESCBC\" VALUE=\"3kqpi7lunUS0T6W+769DsA==\"></KID></KIDS>");
  }

  /** Header specification 3.2: what strict clients refuse. */
  @ParameterizedTest
  @MethodSource("headers")
  void keepsTheStrictSyntax(PlayReadyHeader header) throws Exception {
    String xml = header.toXml();

    assertThat(xml)
        .startsWith("<WRMHEADER xmlns=")
        .doesNotContain("/>", "<?", "> <", "\n", "\ufeff");
    var tags = Pattern.compile("<[A-Za-z][^>]*>").matcher(xml);
    while (tags.find()) {
      List<String> names = new ArrayList<>();
      var attributes = Pattern.compile(" ([A-Za-z:]+)=").matcher(tags.group());
      while (attributes.find()) {
        names.add(attributes.group(1));
      }
      assertThat(names).isSortedAccordingTo(PlayReadyTest::xmlnsFirst);
    }
    assertThat(parse(xml).getDocumentElement().getNamespaceURI())
        .isEqualTo("http://schemas.microsoft.com/DRM/2007/03/PlayReadyHeader");
  }

  static Stream<PlayReadyHeader> headers() {
    var url = Optional.of(AWKWARD_URL);
    return Stream.of(
        PlayReadyHeader.of(Scheme.CENC, List.of(FIRST), url, ATTRIBUTES),
        PlayReadyHeader.of(Scheme.CENC, List.of(FIRST, SECOND), url, ATTRIBUTES),
        PlayReadyHeader.of(
            Scheme.CBCS,
            List.of(PlayReadyHeader.Key.withoutChecksum(FIRST_ID)),
            Optional.empty(),
            ATTRIBUTES));
  }

  @Test
  void escapesWhatXmlWouldTakeForMarkup() throws Exception {
    String xml =
        PlayReadyHeader.of(Scheme.CENC, List.of(FIRST), Optional.of(AWKWARD_URL), ATTRIBUTES)
            .toXml();

    assertThat(xml)
        .contains("<LA_URL>https://x/?a=1&amp;b=&lt;2&gt;</LA_URL>")
        .contains(
            "<CUSTOMATTRIBUTES><name1>value1</name1>"
                + "<name2>a:&lt;b&gt;&amp;\"c\"</name2></CUSTOMATTRIBUTES>");
    var document = parse(xml);
    assertThat(document.getElementsByTagNameNS("*", "LA_URL").item(0).getTextContent())
        .isEqualTo(AWKWARD_URL);
    assertThat(document.getElementsByTagNameNS("*", "name2").item(0).getTextContent())
        .isEqualTo("a:<b>&\"c\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "name1",
        ":value1",
        "a:1,",
        "a:1,a:2",
        "1a:x",
        "a b:x",
        "<a>:x",
        "xmlns:x",
        "XMLa:x",
        "a:b\u0000",
        "a:b\nc",
        "a:\ud800",
        "a:\uffff",
        "\u00e4:x",
        "<name1>value1</name1>"
      })
  void knowsWhichCustomAttributesWouldBreakTheHeader(String text) {
    assertThat(PlayReadyCustomAttributes.parse(text)).isEmpty();
  }

  @Test
  void refusesAUrlThatXmlCannotHold() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> header(Scheme.CENC, Optional.of("https://l\u0000"), FIRST))
        .withMessage("LA_URL: a character that XML has not (expected: an absolute URL)");
  }

  @Test
  void refusesAHeaderThatItsVersionCannotSay() {
    var none = PlayReadyCustomAttributes.NONE;
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new PlayReadyHeader(Version.V4_0, List.of(FIRST, SECOND), Optional.empty(), none))
        .withMessage("PlayReady header: 2 keys (expected: at least 1, in version 4.0 exactly 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> header(Scheme.CBCS, Optional.empty(), FIRST))
        .withMessage(
            "checksum: present in version 4.3.0.0 (expected: in 4.0 and 4.2, and only there)");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            header(Scheme.CENC, Optional.empty(), PlayReadyHeader.Key.withoutChecksum(FIRST_ID)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> header(Scheme.CBC, Optional.empty(), FIRST));
  }

  @Test
  void countsTheObjectInBytesAndLittleEndian() {
    var header = header(Scheme.CENC, Optional.of(AWKWARD_URL), FIRST);

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
    var object = PlayReadyObject.of(header(Scheme.CENC, Optional.empty(), FIRST));

    assertThat(object.toSignal().playReadyObject()).isEqualTo(object.bytes());
    assertThat(PsshBox.read(object.toSignal().pssh().asBuffer()))
        .isEqualTo(PsshBox.of(SystemIds.PLAY_READY, object.bytes()));
    assertThat(HexFormat.of().formatHex(object.toPssh().toArray(), 12, 28))
        .isEqualTo("9a04f07998404286ab92e65be0885f95");
  }

  @Test
  void writesObjectsUpTo15KibibytesAndNoLonger() {
    int emptyBytes = PlayReadyObject.of(withUrlOf(0)).bytes().size();
    int fits = (15 * 1024 - emptyBytes) / 2;

    assertThat(PlayReadyObject.of(withUrlOf(fits)).bytes().size()).isEqualTo(15 * 1024);
    assertThatExceptionOfType(ServerFailure.class)
        .isThrownBy(() -> PlayReadyObject.of(withUrlOf(fits + 1)));
  }

  @Test
  void readsWhatItWrites() {
    var header = header(Scheme.CENC, Optional.of(AWKWARD_URL), FIRST, SECOND);
    var object = PlayReadyObject.of(header);

    assertThat(PlayReadyObject.read(object.bytes()))
        .singleElement()
        .satisfies(record -> {
          assertThat(record.type()).isEqualTo(PlayReadyObject.Entry.HEADER);
          assertThat(record.text()).isEqualTo(header.toXml());
        });
  }

  @Test
  void refusesEveryObjectThatIsCutShortOrTooLong() {
    byte[] object =
        PlayReadyObject.of(header(Scheme.CENC, Optional.empty(), FIRST)).bytes().toArray();

    for (int length = 0; length < object.length; length++) {
      var cut = Bytes.copyOf(object, 0, length);
      assertThatExceptionOfType(ContentFailure.class).isThrownBy(() -> PlayReadyObject.read(cut));
      if (length >= 4) {
        // With the length put right, so that the records are looked at.
        byte[] short1 = Arrays.copyOf(object, length);
        ByteBuffer.wrap(short1).order(ByteOrder.LITTLE_ENDIAN).putInt(0, length);
        assertThatExceptionOfType(ContentFailure.class)
            .isThrownBy(() -> PlayReadyObject.read(Bytes.copyOf(short1)));
      }
    }
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(
            () -> PlayReadyObject.read(Bytes.copyOf(Arrays.copyOf(object, object.length + 1))));
  }

  private static PlayReadyHeader withUrlOf(int chars) {
    return header(Scheme.CENC, Optional.of("x".repeat(chars)), FIRST);
  }

  private static PlayReadyHeader header(
      Scheme scheme, Optional<String> licenseUrl, PlayReadyHeader.Key... keys) {
    return PlayReadyHeader.of(scheme, List.of(keys), licenseUrl, PlayReadyCustomAttributes.NONE);
  }

  private static PlayReadyHeader.Key key(KeyId keyId, String valueHex) {
    try (var key = ContentKey.taking(keyId, HexFormat.of().parseHex(valueHex))) {
      return PlayReadyHeader.Key.withChecksum(key);
    }
  }

  private static int xmlnsFirst(String a, String b) {
    boolean firstIsXmlns = a.equals("xmlns");
    boolean secondIsXmlns = b.equals("xmlns");
    return firstIsXmlns || secondIsXmlns
        ? Boolean.compare(secondIsXmlns, firstIsXmlns)
        : a.compareTo(b);
  }

  private static Document parse(String xml) throws Exception {
    return DocumentBuilderFactory.newDefaultNSInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }
}
