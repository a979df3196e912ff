package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.KeyId;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

/** What a client manifest of Smooth Streaming says, against what the URLs in it give. */
final class SmoothManifestTest {
  private static final String ENVELOPE_KEY_ID = "44444444-aaaa-4bbb-8ccc-000000000004";
  private static final String ENVELOPE_KEY = "303132333435363738393a3b3c3d3e3f";
  private static final String SAMPLE_ENCRYPTION = "a2394f525a9b4f14a2446c427c648df4";
  private static final String FRAGMENT_TIME = "6d1d9b0542d544e680e2141daff757b2";

  @TempDir private static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void serve() {
    Documents.ofKeys()
        .add(
            """
            {"kind": "AssetDeliveryPolicy", "name": "smooth", "protocols": ["SmoothStreaming"],
             "type": "DynamicCommonEncryption", "configuration": {}}
            """)
        .add(
            """
            {"kind": "AssetDeliveryPolicy", "name": "envelope", "protocols": ["SmoothStreaming"],
             "type": "DynamicEnvelopeEncryption", "configuration": {}}
            """)
        .add(
            """
            {"kind": "ContentKey", "id": "%s", "type": "EnvelopeEncryption", "value": "%s",
             "authorizationPolicy": "open"}
            """
                .formatted(
                    ENVELOPE_KEY_ID,
                    Base64.getEncoder().encodeToString(HexFormat.of().parseHex(ENVELOPE_KEY))))
        .asset("sidx", "sidx", List.of())
        .asset("muxed", "muxed", List.of())
        .asset("ismv", "ismv", List.of())
        .asset("described", "described", List.of())
        .asset("protected", "sidx", List.of(Documents.ONE_KEY_ID), "smooth")
        .asset("enveloped", "sidx", List.of(ENVELOPE_KEY_ID), "envelope")
        .asset("twokeys", "sidx", "smooth")
        .applyTo(folder.resolve("data"));
    server = RunningServer.serve(List.of(), SourceTitles.root(), folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sidx", "muxed", "ismv", "described", "protected"})
  void everyUrlAnswersAsTheManifestSays(String asset) throws Exception {
    for (String tags : List.of("", "(format=fmp4-v20)")) {
      var fragments = fragments(manifest(asset, tags));
      assertThat(fragments).hasSizeGreaterThan(5);
      for (var said : fragments) {
        byte[] fragment = server.get(base(asset) + said.url());
        assertThat(durationTicks(fragment)).as(said.url()).isEqualTo(said.duration());
        var time = uuid(fragment, FRAGMENT_TIME);
        assertThat(time).as(said.url()).hasSize(1);
        // Behind the user type, version 1 and flags.
        assertThat(time.getFirst().getLong(20)).isEqualTo(said.time());
        assertThat(time.getFirst().getLong(28)).isEqualTo(said.duration());
        assertThat(uuid(fragment, SAMPLE_ENCRYPTION))
            .as(said.url())
            .hasSize(asset.equals("protected") ? 1 : 0);
      }
    }
  }

  @Test
  void version20ListsTheSameFragments() throws Exception {
    assertThat(
            fragments(manifest("sidx", "(format=fmp4-v20)")).stream()
                .map(f -> f.url().replace(",format=fmp4-v20", "")))
        .containsExactlyElementsOf(
            fragments(manifest("sidx", "")).stream().map(Said::url).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "(encryption=cenc)", "(encryption=piff)"})
  void namesItsKeyInAHeaderOfVersion40(String tags) throws Exception {
    Element protection = only(manifest("protected", tags), "ProtectionHeader");
    byte[] object = Base64.getDecoder().decode(protection.getTextContent());
    String header = new String(object, 10, object.length - 10, StandardCharsets.UTF_16LE);
    byte[] guid = KeyId.parse(Documents.ONE_KEY_ID).orElseThrow().guidBytes();

    assertThat(header)
        .contains("version=\"4.0.0.0\"")
        .contains("<KID>" + Base64.getEncoder().encodeToString(guid) + "</KID>");
  }

  @Test
  void wrapsWholeFragmentsInAnEnvelope() throws Exception {
    Element manifest = manifest("enveloped", "");
    String iv = only(manifest, "sea:CryptoPeriod").getAttribute("IV");
    var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(HexFormat.of().parseHex(ENVELOPE_KEY), "AES"),
        new IvParameterSpec(HexFormat.of().parseHex(iv.substring("0x".length()))));

    var clear = fragments(manifest("sidx", ""));
    var wrapped = fragments(manifest);
    assertThat(wrapped).hasSameSizeAs(clear);
    for (int i = 0; i < clear.size(); i++) {
      assertThat(wrapped.get(i).url()).endsWith(",encryption=cbc)");
      assertThat(cipher.doFinal(server.get(base("enveloped") + wrapped.get(i).url())))
          .isEqualTo(server.get(base("sidx") + clear.get(i).url()));
    }
  }

  @Test
  void refusesTracksOfDifferentKeys() {
    var response = server.send("GET", base("twokeys") + "manifest");

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(new String(response.body(), StandardCharsets.UTF_8))
        .contains("MPE_ENC_ENCRYPTION_NOT_SUPPORTED");
  }

  /** A fragment as the manifest has it; the URL is relative to the manifest. */
  private record Said(String url, long time, long duration) {}

  private static List<Said> fragments(Element manifest) {
    var fragments = new ArrayList<Said>();
    for (Element stream : elements(manifest, "StreamIndex")) {
      for (Element level : elements(stream, "QualityLevel")) {
        String url = stream.getAttribute("Url").replace("{bitrate}", level.getAttribute("Bitrate"));
        long time = 0;
        for (Element c : elements(stream, "c")) {
          time = c.hasAttribute("t") ? Long.parseLong(c.getAttribute("t")) : time;
          long duration = Long.parseLong(c.getAttribute("d"));
          long count = c.hasAttribute("r") ? Long.parseLong(c.getAttribute("r")) : 1;
          for (long i = 0; i < count; i++, time += duration) {
            fragments.add(
                new Said(url.replace("{start time}", Long.toString(time)), time, duration));
          }
        }
      }
    }
    return fragments;
  }

  /** The payloads of a fragment's boxes of this user type, which they begin with. */
  private static List<ByteBuffer> uuid(byte[] fragment, String userType) {
    byte[] type = HexFormat.of().parseHex(userType);
    return BoxWalk.all(fragment, "moof", "traf", "uuid").stream()
        .map(box -> box.payloadOf(fragment))
        .filter(payload -> Arrays.equals(payload, 0, type.length, type, 0, type.length))
        .map(ByteBuffer::wrap)
        .toList();
  }

  /** The durations in the only trun of a fragment, whose tfhd states what trun does not. */
  private static long durationTicks(byte[] fragment) {
    var in = ByteBuffer.wrap(fragment);
    int tfhd = BoxWalk.all(fragment, "moof", "traf", "tfhd").getFirst().start();
    int tfhdFlags = in.getInt(tfhd + 8) & 0xFFFFFF;
    int at = tfhd + 16 + ((tfhdFlags & 1) != 0 ? 8 : 0) + ((tfhdFlags & 2) != 0 ? 4 : 0);
    long each = (tfhdFlags & 8) != 0 ? in.getInt(at) : 0;
    int trun = BoxWalk.all(fragment, "moof", "traf", "trun").getFirst().start();
    int flags = in.getInt(trun + 8) & 0xFFFFFF;
    int count = in.getInt(trun + 12);
    if ((flags & 0x100) == 0) {
      return each * count;
    }
    at = trun + 16 + ((flags & 1) != 0 ? 4 : 0) + ((flags & 4) != 0 ? 4 : 0);
    int step = 4 * Integer.bitCount(flags & 0xF00);
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += in.getInt(at + i * step);
    }
    return sum;
  }

  private static Element manifest(String asset, String tags) throws Exception {
    byte[] manifest = server.get(base(asset) + "manifest" + tags);
    var root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(manifest))
            .getDocumentElement();
    assertThat(root.getTagName()).isEqualTo("SmoothStreamingMedia");
    return root;
  }

  private static Element only(Element in, String name) {
    var found = elements(in, name);
    assertThat(found).as(name).hasSize(1);
    return found.getFirst();
  }

  private static List<Element> elements(Element in, String name) {
    var found = in.getElementsByTagName(name);
    var list = new ArrayList<Element>();
    for (int i = 0; i < found.getLength(); i++) {
      list.add((Element) found.item(i));
    }
    return list;
  }

  private static String base(String asset) {
    return "/%s/%s.ism/".formatted(asset, manifestName(asset));
  }

  private static String manifestName(String asset) {
    return switch (asset) {
      case "described" -> "show";
      default -> asset;
    };
  }
}
