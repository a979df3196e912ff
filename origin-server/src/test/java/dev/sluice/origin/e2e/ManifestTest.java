package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.KeyId;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** What a manifest says, against what the URLs in it give. */
final class ManifestTest {
  private static final String CENC = ",encryption=cenc)";
  private static final Pattern URL = Pattern.compile("\"[a-z]+://[^\"]*\"|>[a-z]+://[^<]*<");
  private static final String CLEAR_KEY = "urn:uuid:e2719d58-a985-b3c9-781a-b030af78d30e";
  private static final String COMMON = "urn:uuid:1077efec-c0b2-4d02-ace3-3c1e52e2fb4b";
  private static final String PLAY_READY = "urn:uuid:9a04f079-9840-4286-ab92-e65be0885f95";
  private static final String WIDEVINE = "urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed";

  @TempDir private static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void serve() {
    Documents.ofKeys()
        .add(
            """
            {"kind": "AssetDeliveryPolicy", "name": "licensed", "protocols": ["Dash"],
             "type": "DynamicCommonEncryption", "configuration": {
               "playReadyLicenseAcquisitionUrl": "https://pr.example/rightsmanager.asmx?a=1&b=2",
               "widevineLicenseAcquisitionUrl": "https://wv.example/{ContentKeyId}/license"}}
            """)
        .asset("sidx", "sidx", "dash")
        .asset("muxed", "muxed", "dash")
        .asset("ismv", "ismv", "dash")
        .asset("described", "described", "dash")
        .asset("licensed", "mfra", "licensed")
        .asset("plain", "bare")
        .applyTo(folder.resolve("data"));
    server = RunningServer.serve(List.of(), SourceTitles.root(), folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sidx", "muxed", "ismv", "described", "licensed", "plain"})
  void everyUrlAnswersAsTheManifestSays(String asset) {
    for (String format : List.of("mpd-time-csf", "mpd-time-cmaf")) {
      var mpd = Mpd.parse(manifest(asset, "(format=%s)".formatted(format)));
      assertThat(mpd.representations()).hasSize(2);
      for (var representation : mpd.representations()) {
        byte[] init = server.get(base(asset) + representation.initialization());
        assertThat(Segment.keyIdOf(init)).isEqualTo(representation.keyId());
        assertThat(representation.segments()).hasSizeGreaterThan(2);
        for (var said : representation.segments()) {
          var segment = Segment.parse(server.get(base(asset) + said.url()));
          assertThat(segment.tfdt()).isEqualTo(said.time());
          assertThat(segment.durationTicks()).isEqualTo(said.duration());
          assertThat(segment.samples())
              .allSatisfy(s ->
                  assertThat(s.iv().isPresent()).isEqualTo(representation.keyId().isPresent()));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sidx", "muxed", "ismv", "described", "licensed", "plain"})
  void trickModesHaveTheTimesAndTheKeyOfTheirVideo(String asset) {
    var mpd = Mpd.parse(manifest(asset, "(format=mpd-time-cmaf)"));
    var video = mpd.representations().getFirst();
    assertThat(mpd.trickModes()).hasSize(1);
    var trick = mpd.trickModes().getFirst();

    assertThat(trick.keyId()).isEqualTo(video.keyId());
    assertThat(trick.initialization()).isEqualTo(video.initialization());
    assertThat(trick.segments()).hasSameSizeAs(video.segments());
    for (var said : trick.segments()) {
      assertThat(said.url()).contains(",type=keyframes");
      var segment = Segment.parse(server.get(base(asset) + said.url()));
      assertThat(segment.tfdt()).isEqualTo(said.time());
      assertThat(segment.samples())
          .allSatisfy(s -> assertThat(s.iv().isPresent()).isEqualTo(trick.keyId().isPresent()));
    }
  }

  @Test
  void namesTheKeyOfEachTrack() {
    var keys = new HashMap<String, String>();
    Mpd.parse(manifest("sidx", "(format=mpd-time-cmaf)"))
        .representations()
        .forEach(r -> keys.put(r.contentType(), r.keyId().orElseThrow()));
    assertThat(keys)
        .isEqualTo(Map.of("video", Documents.VIDEO_KEY_ID, "audio", Documents.AUDIO_KEY_ID));
  }

  @Test
  void writesTheSchemeIntoEveryUrl() {
    for (var representation :
        Mpd.parse(manifest("sidx", "(format=mpd-time-csf)")).representations()) {
      assertThat(representation.initialization()).endsWith(CENC);
      assertThat(representation.segments()).allSatisfy(s -> assertThat(s.url()).endsWith(CENC));
    }
  }

  @Test
  void saysWhereClearKeyLicencesAreHad() throws Exception {
    for (var protection : protections("sidx")) {
      assertThat(protection.keySet()).containsExactlyInAnyOrder("mp4", CLEAR_KEY, COMMON);
      var mp4 = descriptor(protection, "mp4");
      assertThat(mp4.getAttribute("value")).isEqualTo("cenc");
      String keyId = mp4.getAttributeNS("urn:mpeg:cenc:2013", "default_KID");
      String url = "http://origin.test:8080/keys/ClearKey/?kid=" + keyId;
      assertThat(text(protection, CLEAR_KEY, "Laurl")).isEqualTo(url);
      assertThat(text(protection, COMMON, "Laurl")).isEqualTo(url);
      // version 1, one key id, no data
      assertThat(hex(text(protection, COMMON, "pssh")))
          .isEqualTo(
              "0000003470737368010000001077efecc0b24d02ace33c1e52e2fb4b00000001"
                  + keyId.replace("-", "")
                  + "00000000");
      assertThat(licence(url.substring("http://origin.test:8080".length()), keyId))
          .isEqualTo(
              keyId.equals(Documents.VIDEO_KEY_ID) ? Documents.VIDEO_KEY : Documents.AUDIO_KEY);
    }
  }

  @Test
  void saysWhereOthersLicencesAreHad() throws Exception {
    for (var protection : protections("licensed")) {
      assertThat(protection.keySet()).contains("mp4", PLAY_READY, WIDEVINE);
      String keyId =
          descriptor(protection, "mp4").getAttributeNS("urn:mpeg:cenc:2013", "default_KID");
      byte[] object = Base64.getDecoder().decode(text(protection, PLAY_READY, "pro"));
      String header = new String(object, 10, object.length - 10, StandardCharsets.UTF_16LE);
      // Every set has the object of both keys.
      assertThat(header)
          .contains("version=\"4.2.0.0\"")
          .containsPattern(namedKey(Documents.VIDEO_KEY_ID))
          .containsPattern(namedKey(Documents.AUDIO_KEY_ID))
          .contains("<LA_URL>https://pr.example/rightsmanager.asmx?a=1&amp;b=2</LA_URL>");
      assertThat(hex(text(protection, PLAY_READY, "pssh")))
          .contains("9a04f07998404286ab92e65be0885f95")
          .endsWith(HexFormat.of().formatHex(object));
      assertThat(hex(text(protection, WIDEVINE, "pssh")))
          .contains("edef8ba979d64acea3c827dcd51d21ed")
          .contains("1210" + keyId.replace("-", ""));
      var laurl = (Element) child(descriptor(protection, WIDEVINE), "laurl");
      assertThat(laurl.getAttribute("licenseUrl"))
          .isEqualTo("https://wv.example/%s/license".formatted(keyId));
    }
  }

  private static String namedKey(String keyId) {
    byte[] guid = KeyId.parse(keyId).orElseThrow().guidBytes();
    return "<KID ALGID=\"AESCTR\" CHECKSUM=\"[^\"]{12}\" VALUE=\"%s\"></KID>"
        .formatted(Pattern.quote(Base64.getEncoder().encodeToString(guid)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sidx", "muxed", "ismv", "licensed", "plain"})
  void hasOnlyLicencesAtAbsoluteUrls(String asset) {
    String mpd = new String(manifest(asset, "(format=mpd-time-cmaf)"), StandardCharsets.UTF_8);
    assertThat(URL.matcher(mpd).results().map(r -> r.group().substring(1, r.group().length() - 1)))
        .allMatch(url ->
            url.startsWith("http://origin.test:8080/keys/")
                || url.startsWith("https://pr.example/")
                || url.startsWith("https://wv.example/")
                || url.equals("https://dashif.org/CPS")
                || url.equals("http://dashif.org/guidelines/trickmode"));
    assertThat(mpd).doesNotContain("<BaseURL");
  }

  @Test
  void isClearWithoutAPolicy() {
    String mpd = new String(manifest("plain", "(format=mpd-time-csf)"), StandardCharsets.UTF_8);
    assertThat(mpd).doesNotContain("<ContentProtection").doesNotContain("encryption=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sidx", "muxed", "ismv", "described", "licensed", "plain"})
  @EnabledIfEnvironmentVariable(named = "SLUICE_MPD_SCHEMA", matches = ".+")
  void isValidAgainstTheSchema(String asset) throws Exception {
    Path mpd =
        Files.write(folder.resolve(asset + ".mpd"), manifest(asset, "(format=mpd-time-csf)"));
    String schema =
        Path.of(Optional.ofNullable(System.getenv("SLUICE_MPD_SCHEMA")).orElseThrow())
            .resolve("DASH-MPD.xsd")
            .toString();
    var process =
        new ProcessBuilder("xmllint", "--nonet", "--noout", "--schema", schema, mpd.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private static byte[] manifest(String asset, String tags) {
    return server.get(base(asset) + "manifest" + tags);
  }

  private static String base(String asset) {
    return "/%s/%s.ism/".formatted(asset, asset.equals("described") ? "show" : asset);
  }

  /** The descriptors of each AdaptationSet by their scheme; that of the scheme itself as "mp4". */
  private static List<Map<String, Element>> protections(String asset) throws Exception {
    var factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    var sets =
        factory
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(manifest(asset, "(format=mpd-time-csf)")))
            .getElementsByTagNameNS("*", "AdaptationSet");
    var all = new ArrayList<Map<String, Element>>();
    for (int i = 0; i < sets.getLength(); i++) {
      var descriptors = new HashMap<String, Element>();
      var found = ((Element) sets.item(i)).getElementsByTagNameNS("*", "ContentProtection");
      for (int j = 0; j < found.getLength(); j++) {
        var element = (Element) found.item(j);
        String scheme = element.getAttribute("schemeIdUri");
        descriptors.put(
            scheme.equals("urn:mpeg:dash:mp4protection:2011") ? "mp4" : scheme, element);
      }
      all.add(descriptors);
    }
    // Video, audio, and video for trick modes.
    assertThat(all).hasSize(3);
    return all;
  }

  private static Element descriptor(Map<String, Element> protection, String scheme) {
    assertThat(protection).containsKey(scheme);
    return Objects.requireNonNull(protection.get(scheme));
  }

  private static Node child(Element parent, String name) {
    var found = parent.getElementsByTagNameNS("*", name);
    assertThat(found.getLength()).as(name).isEqualTo(1);
    return found.item(0);
  }

  private static String text(Map<String, Element> protection, String scheme, String name) {
    return child(descriptor(protection, scheme), name).getTextContent();
  }

  private static String hex(String base64) {
    return HexFormat.of().formatHex(Base64.getDecoder().decode(base64));
  }

  /** The key that the licence URL gives, in hex. */
  private static String licence(String path, String keyId) {
    String kid =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(KeyId.parse(keyId).orElseThrow().bytes());
    var response = server.post(path, "{\"kids\":[\"%s\"],\"type\":\"temporary\"}".formatted(kid));
    String body = new String(response.body(), StandardCharsets.UTF_8);
    assertThat(response.statusCode()).as(body).isEqualTo(200);
    assertThat(response.headers().firstValue("cache-control")).contains("no-store");
    assertThat(body).contains("\"" + kid + "\"");
    var match = Pattern.compile("\"k\":\"([A-Za-z0-9_-]{22})\"").matcher(body);
    assertThat(match.find()).isTrue();
    return HexFormat.of().formatHex(Base64.getUrlDecoder().decode(match.group(1)));
  }
}
