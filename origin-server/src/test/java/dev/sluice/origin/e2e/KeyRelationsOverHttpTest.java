package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.KeyId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The four relations of keys and assets in one catalog: one to one, one key for a genre, many keys
 * of one asset, many to many. Which key a track has stands in every manifest, and is its value.
 */
final class KeyRelationsOverHttpTest {
  private static final String IV = "d7d6d5d4d3d2d1d0cfcecdcccbcac9c8";
  private static final String VIDEO = "[{\"type\": \"video\"}]";
  private static final String AUDIO = "[{\"type\": \"audio\"}]";

  @TempDir private static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void serve() {
    new Documents()
        .add(
            """
            {"kind": "ContentKeyAuthorizationPolicy", "name": "open", "options": [
              {"name": "c", "keyDeliveryType": "ClearKey", "restriction": {"type": "Open"}},
              {"name": "b", "keyDeliveryType": "BaselineHttp", "restriction": {"type": "Open"}}]}
            """)
        .add(policy("dash", "Dash", "DynamicCommonEncryption"))
        .add(policy("smooth", "SmoothStreaming", "DynamicCommonEncryption"))
        .add(policy("hls", "HLS", "DynamicEnvelopeEncryption"))
        .add(key(1, "CommonEncryption", "[]"))
        .add(key(2, "CommonEncryption", "[]"))
        .add(key(3, "CommonEncryption", VIDEO))
        .add(key(4, "CommonEncryption", AUDIO))
        .add(key(5, "EnvelopeEncryption", VIDEO))
        .add(key(6, "EnvelopeEncryption", AUDIO))
        .add(key(7, "CommonEncryption", VIDEO))
        .add(key(8, "CommonEncryption", AUDIO))
        .add(key(9, "CommonEncryption", AUDIO))
        .add(key(10, "CommonEncryption", VIDEO))
        .add(key(11, "EnvelopeEncryption", "[]"))
        .asset("single", "sidx", ids(1), "dash", "smooth")
        .asset("western-1", "sidx", ids(2), "dash", "smooth")
        .asset("western-2", "muxed", ids(2), "dash", "smooth")
        .asset("series", "sidx", ids(3, 4, 5, 6), "dash", "hls", "smooth")
        .asset("one-of-many", "sidx", ids(7, 8, 11), "dash", "hls")
        .asset("two-of-many", "mfra", ids(7, 9), "dash")
        .asset("three-of-many", "muxed", ids(10, 8), "dash")
        .add(policy("hls-cenc", "HLS", "DynamicCommonEncryption"))
        .add(key(12, "CommonEncryption", "[{\"type\": \"video\", \"height\": \"0-100\"}]"))
        .add(key(13, "CommonEncryption", "[{\"type\": \"video\", \"bitrate\": \"100000-999999\"}]"))
        .add(key(14, "CommonEncryption", "[{\"type\": \"audio\", \"language\": \"en\"}]"))
        .add(key(15, "CommonEncryption", "[{\"name\": \"deutsch\"}]"))
        .asset("qualities", "ladder", ids(12, 13, 14, 15), "dash", "hls-cenc")
        .add(key(16, "EnvelopeEncryption", "[]"))
        .add(key(17, "CommonEncryptionCbcs", "[]"))
        .add(
            """
            {"kind": "AssetDeliveryPolicy", "name": "aes-iv", "protocols": ["Dash", "HLS", "SmoothStreaming"],
             "type": "DynamicEnvelopeEncryption",
             "configuration": {"envelopeEncryptionIV": "%1$s", "envelopeEncryptionIVAsBase64": "%2$s"}}
            """
                .formatted(IV, Base64.getEncoder().encodeToString(HexFormat.of().parseHex(IV))))
        .add(
            """
            {"kind": "AssetDeliveryPolicy", "name": "cbcs-iv", "protocols": ["Dash", "HLS"],
             "type": "DynamicCommonEncryptionCbcs",
             "configuration": {"commonEncryptionIVForCbcs": "%s"}}
            """
                .formatted(IV))
        .asset("ivs", "sidx", ids(16, 17), "aes-iv", "cbcs-iv")
        .asset("plain", "sidx", List.of())
        .asset("two-for-one", "sidx", ids(3, 4, 7), "dash")
        .applyTo(folder.resolve("data"));
    server = RunningServer.serve(List.of(), SourceTitles.root(), folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "single, 1, 1",
    "western-1, 2, 2",
    "western-2, 2, 2",
    "series, 3, 4",
    "one-of-many, 7, 8",
    "two-of-many, 7, 9",
    "three-of-many, 10, 8"
  })
  void dashNamesTheKeyOfEachTrack(String asset, int video, int audio) {
    String url = "/%1$s/%1$s.ism/manifest(format=mpd-time-cmaf)".formatted(asset);
    var crawl = Crawl.of(server, url);
    for (var representation : Mpd.parse(server.get(url)).representations()) {
      int expected = representation.contentType().equals("video") ? video : audio;
      assertThat(representation.keyId()).contains(id(expected));
      byte[] init = crawl.init(Crawl.folder(url) + representation.initialization());
      assertThat(Segment.keyIdOf(init)).contains(id(expected));
      assertThat(clearKey(expected)).isEqualTo(value(expected));
    }
  }

  @ParameterizedTest
  @CsvSource({"series, 5, 6", "one-of-many, 11, 11"})
  void hlsNamesTheKeyOfEachTrack(String asset, int video, int audio) {
    for (String format : List.of("m3u8-cmaf", "m3u8-aapl")) {
      var crawl = Crawl.of(server, "/%1$s/%1$s.ism/manifest(format=%2$s)".formatted(asset, format));
      crawl
          .playlists()
          .forEach((url, text) -> {
            int expected = url.contains("Manifest(video") ? video : audio;
            var keys = Playlist.parse(text).all("EXT-X-KEY");
            assertThat(keys).as(url).hasSize(1);
            assertThat(keys.getFirst().get("METHOD")).isEqualTo("AES-128");
            assertThat(keys.getFirst().get("URI"))
                .isEqualTo("http://origin.test:8080/keys/?kid=" + id(expected));
            assertThat(HexFormat.of().formatHex(server.get("/keys/?kid=" + id(expected))))
                .isEqualTo(value(expected));
          });
    }
  }

  @ParameterizedTest
  @CsvSource({"single, 1", "western-1, 2", "western-2, 2"})
  void smoothNamesTheOneKey(String asset, int expected) {
    String url = "/%1$s/%1$s.ism/manifest".formatted(asset);
    var crawl = Crawl.of(server, url);
    assertThat(crawl.segments()).hasSizeGreaterThan(4);
    byte[] guid = KeyId.parse(id(expected)).orElseThrow().guidBytes();
    assertThat(SmoothClientManifest.parse(server.get(url)).playReadyHeader())
        .contains("version=\"4.0.0.0\"")
        .contains("<KID>" + Base64.getEncoder().encodeToString(guid) + "</KID>");
  }

  /** Neither Smooth nor muxed segments have room for two keys, and no list of URLs promises it. */
  @Test
  void refusesTwoKeysWhereThereIsRoomForOne() {
    assertThat(Refusal.of(server, "/series/series.ism/manifest"))
        .isEqualTo(
            new Refusal(
                415,
                "MPE_ENC_ENCRYPTION_NOT_SUPPORTED",
                "keys of the tracks: %s, %s, by delivery policy \"smooth\" (expected: one, Smooth Streaming has one key for all tracks)"
                    .formatted(id(3), id(4))));
    assertThat(Refusal.of(server, "/series/series.ism/manifest(format=m3u8-aapl-v3)"))
        .isEqualTo(
            new Refusal(
                415,
                "MPE_ENC_ENCRYPTION_NOT_SUPPORTED",
                "format: m3u8-aapl-v3: delivery policy \"hls\" does not protect video and audio alike"
                    + " (expected: m3u8-aapl or m3u8-cmaf, whose segments hold one track)"));
    assertThat(
            RunningServer.run(
                    "urls",
                    "series",
                    "--data",
                    folder.resolve("data").toString(),
                    "--media",
                    SourceTitles.root().toString())
                .lines())
        .containsExactly(
            "DASH cenc http://127.0.0.1:8080/series/series.ism/manifest(format=mpd-time-csf,encryption=cenc)",
            "DASH cenc http://127.0.0.1:8080/series/series.ism/manifest(format=mpd-time-cmaf,encryption=cenc)",
            "HLS cbc http://127.0.0.1:8080/series/series.ism/manifest(format=m3u8-cmaf,encryption=cbc)",
            "HLS cbc http://127.0.0.1:8080/series/series.ism/manifest(format=m3u8-aapl,encryption=cbc)");
  }

  /**
   * A key for each quality and each language: sets of their own in DASH, tags of their own in HLS.
   */
  @Test
  void keysFollowTheQualityAndTheLanguage() {
    var expected =
        Map.of(
            "video/80000", id(12),
            "video/200000", id(13),
            "english/96000", id(14),
            "deutsch/64000", id(15));
    String base = "/qualities/ladder.ism/";
    var dash = Crawl.of(server, base + "manifest(format=mpd-time-csf)");
    var inDash = new HashMap<String, String>();
    for (var representation :
        Mpd.parse(server.get(base + "manifest(format=mpd-time-csf)")).representations()) {
      String url = representation.initialization();
      inDash.put(track(url), representation.keyId().orElseThrow());
      assertThat(Segment.keyIdOf(dash.init(base + url))).isEqualTo(representation.keyId());
    }
    assertThat(inDash).isEqualTo(expected);
    // A client with both keys may switch between the two sets of video.
    assertThat(dash.manifest()).contains("urn:mpeg:dash:adaptation-set-switching:2016");

    var hls = Crawl.of(server, base + "manifest(format=m3u8-cmaf,system=identity)");
    var inHls = new HashMap<String, String>();
    var tags = new TreeSet<String>();
    hls.playlists()
        .forEach((url, text) -> {
          var key = Playlist.parse(text).all("EXT-X-KEY").getFirst();
          tags.add(key.value());
          inHls.put(track(url), key.get("URI").replaceFirst(".*kid=", ""));
        });
    assertThat(inHls).isEqualTo(expected);
    assertThat(Playlist.parse(hls.manifest()).values("EXT-X-SESSION-KEY"))
        .containsExactlyInAnyOrderElementsOf(tags);
  }

  /** {@code name/bitrate} of the URL of a playlist or an init segment. */
  private static String track(String url) {
    return url.replaceFirst(".*QualityLevels\\((\\d+)\\)/[A-Za-z]+\\(([a-z]+)[=,].*", "$2/$1");
  }

  /** What another server of keys needs to know beforehand: the IV is the policy's everywhere. */
  @Test
  void usesTheIvOfThePolicy() throws GeneralSecurityException {
    String base = "/ivs/ivs.ism/";
    for (String format : List.of("m3u8-cmaf", "m3u8-aapl", "m3u8-aapl-v3")) {
      var hls = Crawl.of(server, base + "manifest(format=" + format + ",encryption=cbc)");
      hls.playlists()
          .forEach((url, text) ->
              assertThat(Playlist.parse(text).all("EXT-X-KEY").getFirst().get("IV"))
                  .as(url)
                  .isEqualTo("0x" + IV));
      var plain = Crawl.of(server, "/plain/plain.ism/manifest(format=" + format + ")");
      requireDecrypts(hls.segments(), plain.segments());
    }
    for (String tags : List.of("format=mpd-time-csf,encryption=cbc", "encryption=cbc")) {
      var crawl = Crawl.of(server, base + "manifest(" + tags + ")");
      assertThat(crawl.manifest())
          .contains("IV=\"0x%s\"".formatted(IV.toUpperCase(Locale.ROOT)))
          .contains("keyUriTemplate=\"http://origin.test:8080/keys/?kid=" + id(16) + "\"");
      String clear = tags.replaceFirst(",?encryption=cbc", "");
      var plain =
          Crawl.of(
              server, "/plain/plain.ism/manifest" + (clear.isEmpty() ? "" : "(" + clear + ")"));
      requireDecrypts(crawl.segments(), plain.segments());
      requireDecrypts(crawl.inits(), plain.inits());
    }
    var cbcs = Crawl.of(server, base + "manifest(format=m3u8-cmaf,encryption=cbcs)");
    assertThat(Playlist.parse(cbcs.manifest()).all("EXT-X-SESSION-KEY").getFirst().get("IV"))
        .isEqualTo("0x" + IV);
    // tenc: a constant IV of 16 bytes.
    assertThat(cbcs.inits().values())
        .allSatisfy(init -> assertThat(HexFormat.of().formatHex(init)).contains("10" + IV));
  }

  /** AES-128 in CBC with PKCS #7 over each body, by the JDK, in the order of the manifest. */
  private static void requireDecrypts(Map<String, byte[]> encrypted, Map<String, byte[]> plain)
      throws GeneralSecurityException {
    assertThat(encrypted).hasSameSizeAs(plain);
    var expected = plain.values().iterator();
    for (var body : encrypted.entrySet()) {
      var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(HexFormat.of().parseHex(value(16)), "AES"),
          new IvParameterSpec(HexFormat.of().parseHex(IV)));
      assertThat(cipher.doFinal(body.getValue())).as(body.getKey()).isEqualTo(expected.next());
    }
  }

  @Test
  void refusesATrackThatTwoKeysSelect() {
    for (String path :
        List.of(
            "manifest(format=mpd-time-csf)",
            "QualityLevels(%s)/Fragments(video=0,format=mpd-time-csf)")) {
      var refusal = Refusal.of(server, "/two-for-one/two-for-one.ism/" + path.formatted(bitrate()));
      assertThat(refusal)
          .isEqualTo(
              new Refusal(
                  415,
                  "MPE_ENC_ENCRYPTION_NOT_SUPPORTED",
                  "track video of %s bit/s: content keys %s and %s select it (expected: one of type CommonEncryption, since delivery policy \"dash\" encrypts it with cenc)"
                      .formatted(bitrate(), id(3), id(7))));
    }
  }

  private static String bitrate() {
    String url =
        Mpd.parse(server.get("/single/single.ism/manifest(format=mpd-time-csf)"))
            .representations()
            .getFirst()
            .initialization();
    return url.substring(url.indexOf('(') + 1, url.indexOf(')'));
  }

  /** A key of the wrong type for a policy is no key: {@code apply} says whose, and which. */
  @ParameterizedTest
  @CsvSource({
    "dash, 11, EnvelopeEncryption, CommonEncryption",
    "hls, 1, CommonEncryption, EnvelopeEncryption",
    "smooth, 11, EnvelopeEncryption, CommonEncryption"
  })
  void refusesAKeyOfTheWrongType(String policy, int key, String type, String wanted)
      throws IOException {
    Path file = Files.createTempFile(folder, "wrong", ".json");
    new Documents().asset("wrong", "sidx", ids(key), policy).write(file);
    assertThat(
            RunningServer.refused(
                "apply", "-f", file.toString(), "--data", folder.resolve("data").toString()))
        .contains(
            "Asset \"wrong\": contentKeys: only of type %s (expected: one of type %s, which delivery policy \"%s\" needs)"
                .formatted(type, wanted, policy));
  }

  private static String clearKey(int number) {
    byte[] kid = KeyId.parse(id(number)).orElseThrow().bytes();
    var response =
        server.post(
            "/keys/ClearKey/",
            "{\"kids\":[\"%s\"]}"
                .formatted(Base64.getUrlEncoder().withoutPadding().encodeToString(kid)));
    assertThat(response.statusCode()).isEqualTo(200);
    String body = new String(response.body(), java.nio.charset.StandardCharsets.US_ASCII);
    int at = body.indexOf("\"k\":\"") + 5;
    return HexFormat.of().formatHex(Base64.getUrlDecoder().decode(body.substring(at, at + 22)));
  }

  private static String policy(String name, String protocol, String type) {
    return """
    {"kind": "AssetDeliveryPolicy", "name": "%s", "protocols": ["%s"], "type": "%s"}
    """
        .formatted(name, protocol, type);
  }

  private static String key(int number, String type, String tracks) {
    return """
    {"kind": "ContentKey", "id": "%s", "type": "%s", "value": "%s", "tracks": %s,
     "authorizationPolicy": "open"}
    """
        .formatted(
            id(number),
            type,
            Base64.getEncoder().encodeToString(HexFormat.of().parseHex(value(number))),
            tracks);
  }

  private static List<String> ids(int... numbers) {
    return IntStream.of(numbers)
        .mapToObj(KeyRelationsOverHttpTest::id)
        .collect(Collectors.toList());
  }

  private static String id(int number) {
    return "70000000-0000-4000-8000-%012x".formatted(number);
  }

  private static String value(int number) {
    return "%032x".formatted(0xA0 + number);
  }
}
