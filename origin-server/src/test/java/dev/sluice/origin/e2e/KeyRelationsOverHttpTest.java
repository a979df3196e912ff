package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.KeyId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
