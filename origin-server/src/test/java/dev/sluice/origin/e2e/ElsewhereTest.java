package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Titles whose keys and licences are had from servers of others: their URLs stand in every
 * manifest, filled in, and nothing of ours does. The locator's alternativeMediaId is as hostile as
 * the catalog lets it be.
 */
final class ElsewhereTest {
  private static final String LOCATOR = "90000000-0000-4000-8000-0000000000e1";
  private static final String CENC = "80000000-0000-4000-8000-000000000001";
  private static final String CBCS = "80000000-0000-4000-8000-000000000002";
  private static final String AES = "80000000-0000-4000-8000-000000000003";
  private static final String OURS = "80000000-0000-4000-8000-000000000004";
  private static final String BASES = "80000000-0000-4000-8000-000000000005";

  /** As JSON: {@code a"b&c<d>%25 e{ContentKeyId}}, CR, LF, {@code #EXT-X-KEY,'é}. */
  private static final String HOSTILE_JSON =
      "a\\\"b&c<d>%25 e{ContentKeyId}\\r\\n#EXT-X-KEY,'\\u00e9";

  private static final String FILLED =
      "a%22b%26c%3Cd%3E%2525%20e%7BContentKeyId%7D%0D%0A%23EXT-X-KEY%2C%27%C3%A9";
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]{40,}={0,2}");

  @TempDir private static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void serve() {
    new Documents()
        .add(
            """
            {"kind": "ContentKeyAuthorizationPolicy", "name": "widevine-here", "options": [
              {"name": "w", "keyDeliveryType": "Widevine", "configuration": {},
               "restriction": {"type": "Open"}}]}
            """)
        .add(
            """
            {"kind": "AssetDeliveryPolicy", "name": "cenc", "protocols": ["Dash", "SmoothStreaming"],
             "type": "DynamicCommonEncryption", "configuration": {
               "playReadyLicenseAcquisitionUrl": "https://pr.example/{AlternativeMediaId}/rm.asmx?a=1&k={ContentKeyId}",
               "widevineLicenseAcquisitionUrl": "https://wv.example/{AssetAlternativeId}?k={ContentKeyId}&b=2",
               "clearKeyLicenseAcquisitionUrl": "https://ck.example/{ContentKeyId}?m={AlternativeMediaId}"}}
            """)
        .add(
            """
            {"kind": "AssetDeliveryPolicy", "name": "cbcs", "protocols": ["HLS"],
             "type": "DynamicCommonEncryptionCbcs", "configuration": {
               "fairPlayLicenseAcquisitionUrl": "skd://fp.example/{AlternativeMediaId}/{ContentKeyId}",
               "playReadyLicenseAcquisitionUrl": "https://pr.example/{AlternativeMediaId}/rm.asmx?a=1&k={ContentKeyId}",
               "widevineLicenseAcquisitionUrl": "https://wv.example/{AssetAlternativeId}?k={ContentKeyId}&b=2"}}
            """)
        .add(
            """
            {"kind": "AssetDeliveryPolicy", "name": "aes", "protocols": ["All"],
             "type": "DynamicEnvelopeEncryption", "configuration": {
               "envelopeKeyAcquisitionUrl": "https://aes.example/{AlternativeMediaId}/{ContentKeyId}?x=1&y=2"}}
            """)
        .add(
            """
            {"kind": "AssetDeliveryPolicy", "name": "aes-base", "protocols": ["All"],
             "type": "DynamicEnvelopeEncryption", "configuration": {
               "envelopeBaseKeyAcquisitionUrl": "https://aes.example/keys/"}}
            """)
        .add(
            """
            {"kind": "AssetDeliveryPolicy", "name": "bases", "protocols": ["Dash", "HLS"],
             "type": "DynamicCommonEncryptionCbcs", "configuration": {
               "widevineBaseLicenseAcquisitionUrl": "https://wv.example/base?a=1",
               "fairPlayBaseLicenseAcquisitionUrl": "skd://fp.example/base"}}
            """)
        .add(
            """
            {"kind": "AssetDeliveryPolicy", "name": "clearkey", "protocols": ["Dash", "HLS"],
             "type": "DynamicCommonEncryption", "configuration": {
               "clearKeyLicenseAcquisitionUrl": "https://ck.example/{ContentKeyId}"}}
            """)
        .add(
            """
            {"kind": "AssetDeliveryPolicy", "name": "mixed", "protocols": ["Dash", "SmoothStreaming"],
             "type": "DynamicCommonEncryption", "configuration": {
               "playReadyLicenseAcquisitionUrl": "https://pr.example/rm.asmx"}}
            """)
        .add(key(CENC, "CommonEncryption", ""))
        .add(key(CBCS, "CommonEncryptionCbcs", ""))
        .add(key(AES, "EnvelopeEncryption", ""))
        .add(key(BASES, "CommonEncryptionCbcs", ""))
        .add(key(OURS, "CommonEncryption", ", \"authorizationPolicy\": \"widevine-here\""))
        .asset("drm", "sidx", List.of(CENC, CBCS), "cenc", "cbcs")
        .asset("aes", "sidx", List.of(AES), "aes")
        .asset("aes-base", "sidx", List.of(AES), "aes-base")
        .asset("bases", "sidx", List.of(BASES), "bases")
        .asset("clearkey", "sidx", List.of(CENC), "clearkey")
        .asset("mixed", "sidx", List.of(OURS), "mixed")
        .add(locator(LOCATOR, "drm"))
        .add(locator("90000000-0000-4000-8000-0000000000e2", "aes"))
        .applyTo(folder.resolve("data"));
    server = RunningServer.serve(List.of(), SourceTitles.root(), folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void dashNamesThem() {
    var crawl = crawl(LOCATOR, "drm", "format=mpd-time-csf");
    assertThat(crawl.manifest())
        .contains("licenseUrl=\"https://wv.example/%s?k=%s&amp;b=2\"".formatted(FILLED, CENC))
        .contains(">https://ck.example/%s?m=%s</dashif:Laurl>".formatted(CENC, FILLED));
    assertThat(playReadyHeaders(crawl.manifest()))
        .isNotEmpty()
        .allSatisfy(header ->
            assertThat(header)
                .contains(
                    "<LA_URL>https://pr.example/%s/rm.asmx?a=1&amp;k=%s</LA_URL>"
                        .formatted(FILLED, CENC)));
    nothingOfOurs(crawl);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "format=fmp4-v20", "encryption=piff"})
  void smoothNamesThem(String tags) {
    var crawl = crawl(LOCATOR, "drm", tags);
    assertThat(
            SmoothClientManifest.parse(crawl.manifest().getBytes(StandardCharsets.UTF_8))
                .playReadyHeader())
        .contains(
            "<LA_URL>https://pr.example/%s/rm.asmx?a=1&amp;k=%s</LA_URL>".formatted(FILLED, CENC));
    nothingOfOurs(crawl);
  }

  @ParameterizedTest
  @ValueSource(strings = {"m3u8-cmaf", "m3u8-aapl", "m3u8-aapl-v3"})
  void hlsNamesThem(String format) {
    var crawl = crawl(LOCATOR, "drm", "format=" + format);
    var keys = Playlist.parse(crawl.manifest()).all("EXT-X-SESSION-KEY");
    assertThat(keys).hasSize(3);
    assertThat(keys.get(0).get("URI")).isEqualTo("skd://fp.example/%s/%s".formatted(FILLED, CBCS));
    assertThat(keys.get(0).get("KEYFORMAT")).isEqualTo("com.apple.streamingkeydelivery");
    assertThat(keys.get(1).get("KEYID")).isEqualTo("0x" + CBCS.replace("-", ""));
    assertThat(keys.get(2).get("KEYFORMAT")).isEqualTo("com.microsoft.playready");
    assertThat(playReadyHeaders(keys.get(2).get("URI")))
        .singleElement()
        .satisfies(header ->
            assertThat(header)
                .contains(
                    "<LA_URL>https://pr.example/%s/rm.asmx?a=1&amp;k=%s</LA_URL>"
                        .formatted(FILLED, CBCS)));
    sameKeysEverywhere(crawl);
    nothingOfOurs(crawl);
  }

  @Test
  void envelopeKeysAreHadThere() {
    String locator = "90000000-0000-4000-8000-0000000000e2";
    String url = "https://aes.example/%s/%s?x=1&y=2".formatted(FILLED, AES);
    for (String format : List.of("m3u8-cmaf", "m3u8-aapl", "m3u8-aapl-v3")) {
      var hls = crawl(locator, "aes", "format=" + format);
      assertThat(Playlist.parse(hls.manifest()).all("EXT-X-SESSION-KEY"))
          .singleElement()
          .satisfies(key -> assertThat(key.get("URI")).isEqualTo(url));
      sameKeysEverywhere(hls);
      nothingOfOurs(hls);
    }
    for (String tags : List.of("format=mpd-time-csf", "")) {
      var crawl = crawl(locator, "aes", tags);
      assertThat(crawl.manifest())
          .contains("keyUriTemplate=\"%s\"".formatted(url.replace("&", "&amp;")));
      nothingOfOurs(crawl);
    }
  }

  @Test
  void baseUrlsGetTheKeyId() {
    assertThat(crawl("bases", "bases", "format=mpd-time-csf").manifest())
        .contains("licenseUrl=\"https://wv.example/base?a=1&amp;kid=" + BASES + "\"");
    var hls = crawl("bases", "bases", "format=m3u8-cmaf");
    assertThat(Playlist.parse(hls.manifest()).all("EXT-X-SESSION-KEY").getFirst().get("URI"))
        .isEqualTo("skd://fp.example/base?kid=" + BASES);
    nothingOfOurs(hls);
    var aes = crawl("aes-base", "aes-base", "format=m3u8-aapl");
    assertThat(Playlist.parse(aes.manifest()).all("EXT-X-SESSION-KEY").getFirst().get("URI"))
        .isEqualTo("https://aes.example/keys/?kid=" + AES);
    nothingOfOurs(aes);
  }

  /** No tag may say that the key itself is had here, where no policy gives it away. */
  @Test
  void clearKeyLicencesOfOthersAreNoKeysOfOurs() {
    var dash = crawl("clearkey", "clearkey", "format=mpd-time-csf");
    assertThat(dash.manifest()).contains(">https://ck.example/" + CENC + "</dashif:Laurl>");
    nothingOfOurs(dash);
    var hls = crawl("clearkey", "clearkey", "format=m3u8-cmaf");
    assertThat(Playlist.parse(hls.manifest()).all("EXT-X-SESSION-KEY"))
        .singleElement()
        .satisfies(key -> assertThat(key.get("KEYFORMAT")).isEqualTo("org.w3.clearkey"));
    sameKeysEverywhere(hls);
    nothingOfOurs(hls);
  }

  @ParameterizedTest
  @ValueSource(strings = {CENC, CBCS, AES, BASES, "80000000-0000-4000-8000-00000000ffff"})
  void keysAreNotHadHere(String keyId) {
    for (String path : List.of("/keys/?kid=", "/keys/Widevine/?kid=", "/keys/FairPlay/?kid=")) {
      var response =
          path.equals("/keys/?kid=")
              ? server.send("GET", path + keyId)
              : server.post(path + keyId, "");
      assertThat(Refusal.of(response).brief()).as(path).isEqualTo("401 TOKEN_REQUIRED");
    }
    assertThat(Refusal.of(server.post("/keys/ClearKey/?kid=" + keyId, "")).brief())
        .isEqualTo("401 TOKEN_REQUIRED");
  }

  @Test
  void oneThereAndOneHere() {
    var dash = crawl("mixed", "mixed", "format=mpd-time-cmaf");
    assertThat(dash.manifest())
        .contains("licenseUrl=\"http://origin.test:8080/keys/Widevine/?kid=" + OURS + "\"")
        .doesNotContain("keys/PlayReady");
    assertThat(playReadyHeaders(dash.manifest()))
        .isNotEmpty()
        .allSatisfy(
            header -> assertThat(header).contains("<LA_URL>https://pr.example/rm.asmx</LA_URL>"));
    assertThat(Refusal.of(server.post("/keys/ClearKey/?kid=" + OURS, "")).status()).isIn(401, 403);
  }

  private static void sameKeysEverywhere(Crawl crawl) {
    var session = Playlist.parse(crawl.manifest()).values("EXT-X-SESSION-KEY");
    crawl
        .playlists()
        .forEach((url, text) ->
            assertThat(Playlist.parse(text).values("EXT-X-KEY")).as(url).isEqualTo(session));
  }

  /** Not in the text, nor in the objects that it carries as base64. */
  private static void nothingOfOurs(Crawl crawl) {
    var texts = new ArrayList<>(crawl.playlists().values());
    texts.add(crawl.manifest());
    for (String text : texts) {
      assertThat(text).doesNotContain("origin.test").doesNotContain("/keys/?kid=" + CENC);
      assertThat(playReadyHeaders(text))
          .allSatisfy(header -> assertThat(header).doesNotContain("origin.test"));
    }
  }

  /** The PlayReady headers in all base64 of a text, as they are in UTF-16. */
  private static List<String> playReadyHeaders(String text) {
    return BASE64
        .matcher(text)
        .results()
        .filter(match -> match.group().length() % 4 == 0)
        .map(match ->
            new String(Base64.getDecoder().decode(match.group()), StandardCharsets.ISO_8859_1)
                .replace("\0", ""))
        .filter(decoded -> decoded.contains("<WRMHEADER"))
        .toList();
  }

  private static Crawl crawl(String locator, String asset, String tags) {
    return Crawl.of(
        server,
        "/%s/%s.ism/manifest%s".formatted(locator, asset, tags.isEmpty() ? "" : "(" + tags + ")"));
  }

  private static String key(String id, String type, String more) {
    return "{\"kind\": \"ContentKey\", \"id\": \"%s\", \"type\": \"%s\"%s}"
        .formatted(id, type, more);
  }

  private static String locator(String id, String asset) {
    return "{\"kind\": \"StreamingLocator\", \"id\": \"%s\", \"asset\": \"%s\", \"alternativeMediaId\": \"%s\"}"
        .formatted(id, asset, HOSTILE_JSON);
  }
}
