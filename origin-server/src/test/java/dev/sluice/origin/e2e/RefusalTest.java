package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused over HTTP: the status, the code, and the sentence that says what is expected. */
final class RefusalTest {
  private static final String TOKEN_KEY_ID = "44444444-aaaa-4bbb-8ccc-000000000004";
  private static final String UNKNOWN_KEY_ID = "44444444-aaaa-4bbb-8ccc-00000000ffff";
  private static final byte[] SECRET =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void serve() {
    Documents.ofKeys()
        .add(policy("blocked", "\"Dash\"", "Blocked"))
        .add(policy("hls", "\"HLS\"", "DynamicCommonEncryption"))
        .add(policy("cbcs", "\"Dash\"", "DynamicCommonEncryptionCbcs"))
        .add(policy("clear", "\"Dash\"", "NoDynamicEncryption"))
        .add(policy("download", "\"ProgressiveDownload\"", "NoDynamicEncryption"))
        .add(
            """
            {"kind": "ContentKeyAuthorizationPolicy", "name": "tokens", "options": [
              {"name": "token", "keyDeliveryType": "ClearKey", "restriction": {
                "type": "TokenRestricted", "issuer": "https://issuer.test",
                "audience": "https://audience.test",
                "primaryVerificationKey": {"symmetric": "%s"},
                "requiredClaims": [
                  {"type": "urn:microsoft:azure:mediaservices:contentkeyidentifier"}]}}]}
            """
                .formatted(Base64.getEncoder().encodeToString(SECRET)))
        .add(
            """
            {"kind": "ContentKey", "id": "%s", "type": "CommonEncryption",
             "authorizationPolicy": "tokens"}
            """
                .formatted(TOKEN_KEY_ID))
        .asset("sidx", "sidx", "dash")
        .asset("open", "sidx")
        .asset("blocked", "sidx", "blocked")
        .asset("both", "sidx", "dash", "hls")
        .asset("either", "sidx", "dash", "clear")
        .asset("file", "sidx", "download")
        .asset("absent", "not-there-yet", "dash")
        .asset("keyless", "sidx", List.of(), "dash")
        .asset("halfkeyed", "sidx", List.of(Documents.VIDEO_KEY_ID), "dash")
        .asset("published", "sidx", "dash")
        .add(locator(1, "published", ""))
        .add(locator(2, "published", ", \"endTime\": \"2020-01-01T00:00:00Z\""))
        .add(locator(3, "published", ", \"startTime\": \"2999-01-01T00:00:00Z\""))
        .applyTo(folder.resolve("data"));
    server = RunningServer.serve(List.of(), SourceTitles.root(), folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String policy(String name, String protocols, String type) {
    return """
    {"kind": "AssetDeliveryPolicy", "name": "%s", "protocols": [%s], "type": "%s",
     "configuration": {}}
    """
        .formatted(name, protocols, type);
  }

  private static String locator(int number, String asset, String more) {
    return """
    {"kind": "StreamingLocator", "id": "90000000-0000-0000-0000-00000000000%d",
     "asset": "%s"%s}
    """
        .formatted(number, asset, more);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /nobody/nobody.ism/manifest(format=mpd-time-csf)|404|MPE_RESOURCE_NOT_FOUND|locator: unknown (expected: a locator's GUID, or an asset without locators)
          /90000000-0000-0000-0000-00000000000f/published.ism/manifest(format=mpd-time-csf)|404|MPE_RESOURCE_NOT_FOUND|locator: unknown (expected: a locator's GUID, or an asset without locators)
          /published/published.ism/manifest(format=mpd-time-csf)|404|MPE_RESOURCE_NOT_FOUND|locator: unknown (expected: a locator's GUID, or an asset without locators)
          /90000000-0000-0000-0000-000000000002/published.ism/manifest(format=mpd-time-csf)|404|MPE_RESOURCE_NOT_FOUND|locator: expired (expected: a time before its endTime)
          /90000000-0000-0000-0000-000000000003/published.ism/manifest(format=mpd-time-csf)|404|MPE_RESOURCE_NOT_FOUND|locator: not yet in force (expected: a time from its startTime on)
          /sidx/other.ism/manifest(format=mpd-time-csf)|404|MPE_RESOURCE_NOT_FOUND|the asset has no server manifest of this name
          /sidx/sidx.ism/QualityLevels(1)/Fragments(video=0,format=mpd-time-csf,encryption=cenc)|404|MPE_EGRESS_TRACK_NOT_FOUND|no track has this name and bitrate: video, 1
          /sidx/sidx.ism/QualityLevels(BITRATE)/Fragments(nothing=0,format=mpd-time-csf,encryption=cenc)|404|MPE_EGRESS_TRACK_NOT_FOUND|no track has this name and bitrate: nothing, BITRATE
          /sidx/sidx.ism/QualityLevels(BITRATE)/Fragments(video=1,format=mpd-time-csf,encryption=cenc)|404|MPE_FRAGMENT_TIMESTAMP_NOT_FOUND|no fragment starts at 1 in track video
          /sidx/sidx.ism/manifest(format=mpd-time-csf,colour=red)|400|MPE_BAD_URL_SYNTAX|tag: colour (expected: a known tag)
          /sidx/sidx.ism/manifest(format=mpd-time-csf,format=mpd-time-csf)|400|MPE_BAD_URL_SYNTAX|tag: format (expected: once)
          /sidx/sidx.ism/manifest(format=mpd)|400|MPE_BAD_URL_SYNTAX|format: mpd (expected: fmp4-v20, m3u8-aapl, m3u8-aapl-v4, m3u8-aapl-v3, m3u8-cmaf, mpd-time-csf, mpd-time-cmaf)
          /sidx/sidx.ism/manifest(format=mpd-time-csf,encryption=rot13)|400|MPE_BAD_URL_SYNTAX|encryption: rot13 (expected: none, cenc, cbcs, cbcs-aapl, cbc, piff)
          /sidx/sidx.ism/QualityLevels(BITRATE)/Fragments(video=now,format=mpd-time-csf)|400|MPE_BAD_URL_SYNTAX|time: (expected: decimal digits)
          /sidx/sidx.ism/QualityLevels(x)/Fragments(video=0,format=mpd-time-csf)|400|MPE_BAD_URL_SYNTAX|bitrate: (expected: decimal digits)
          /sidx/sidx.ism/QualityLevels(BITRATE)/Fragments(video=99999999999999999999,format=mpd-time-csf)|400|MPE_BAD_URL_SYNTAX|time: too large (expected: at most 9223372036854775807)
          /sidx/sidx.ism/manifest(format=mpd-time-csf|404|MPE_RESOURCE_NOT_FOUND|no such resource
          /sidx/sidx.ism/Segments(video=0)|404|MPE_RESOURCE_NOT_FOUND|no such resource
          /sidx|404|MPE_RESOURCE_NOT_FOUND|no such resource
          /sidx/%2e%2e%2f%2e%2e%2fetc%2fpasswd/manifest|400|MPE_BAD_URL_SYNTAX|path: a name that no resource has
          /sidx/%2e%2e/manifest(format=mpd-time-csf)|400|MPE_BAD_URL_SYNTAX|path: a name that no resource has
          /sidx/../sidx/sidx.ism/manifest(format=mpd-time-csf)|400|MPE_BAD_URL_SYNTAX|path: a name that no resource has
          /sidx/sidx.ism%00/manifest(format=mpd-time-csf)|400|MPE_BAD_URL_SYNTAX|path: a name that no resource has
          /sidx/%252e%252e/manifest(format=mpd-time-csf)|400|MPE_BAD_URL_SYNTAX|path: a name that no resource has
          /blocked/blocked.ism/manifest(format=mpd-time-csf)|403|MPE_OUTPUT_FORMAT_BLOCKED|DASH: delivery policy "blocked" blocks it (expected: a protocol that none blocks)
          /blocked/blocked.ism/QualityLevels(BITRATE)/Fragments(video=0,format=mpd-time-csf)|403|MPE_OUTPUT_FORMAT_BLOCKED|DASH: delivery policy "blocked" blocks it (expected: a protocol that none blocks)
          /sidx/sidx.ism/manifest(format=m3u8-cmaf)|403|MPE_OUTPUT_FORMAT_BLOCKED|HLS: not named by the asset's delivery policies, "dash" (expected: a protocol that one of them names)
          /sidx/sidx.ism/manifest|403|MPE_OUTPUT_FORMAT_BLOCKED|Smooth: not named by the asset's delivery policies, "dash" (expected: a protocol that one of them names)
          /sidx/video.mp4|403|MPE_OUTPUT_FORMAT_BLOCKED|progressive download: not named by the asset's delivery policies, "dash" (expected: a protocol that one of them names)
          /open/video.mp4|403|MPE_OUTPUT_FORMAT_BLOCKED|progressive download: the asset has no delivery policy (expected: one of type NoDynamicEncryption that names ProgressiveDownload or All)
          /file/none.mp4|404|MPE_RESOURCE_NOT_FOUND|file: (expected: a media, caption or picture file directly in the asset's container)
          /file/file.ism|404|MPE_RESOURCE_NOT_FOUND|file: (expected: a media, caption or picture file directly in the asset's container)
          /both/both.ism/manifest(format=m3u8-aapl)|415|MPE_ENC_ENCRYPTION_NOT_SUPPORTED|encryption: cenc, by delivery policy "hls" (expected: cbc or cbcs with MPEG-2 TS, which has no cenc)
          /sidx/sidx.ism/manifest(format=mpd-time-csf,encryption=none)|403|MPE_ENC_ENCRYPTION_REQUIRED|encryption: none: delivery policy "dash" requires encryption for DASH (expected: cenc)
          /sidx/sidx.ism/QualityLevels(BITRATE)/Fragments(video=0,format=mpd-time-csf,encryption=none)|403|MPE_ENC_ENCRYPTION_REQUIRED|encryption: none: delivery policy "dash" requires encryption for DASH (expected: cenc)
          /sidx/sidx.ism/manifest(format=mpd-time-csf,encryption=cbcs)|403|MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY|encryption: cbcs: delivery policy "dash" does not enable it for DASH (expected: cenc)
          /open/open.ism/manifest(format=mpd-time-csf,encryption=cenc)|403|MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY|encryption: cenc: the asset has no delivery policy (expected: none, the only scheme without one)
          /either/either.ism/manifest(format=mpd-time-csf)|400|MPE_ENC_ENCRYPTION_NOT_SPECIFIED_IN_URL|encryption: absent, and delivery policies "clear", "dash" give DASH several schemes (expected: none or cenc)
          /keyless/keyless.ism/manifest(format=mpd-time-csf)|415|MPE_ENC_ENCRYPTION_NOT_SUPPORTED|track video of BITRATE bit/s: no content key selects it (expected: one of type CommonEncryption, since delivery policy "dash" encrypts it with cenc)
          /halfkeyed/halfkeyed.ism/manifest(format=mpd-time-csf)|415|MPE_ENC_ENCRYPTION_NOT_SUPPORTED|track audio of AUDIO bit/s: no content key selects it (expected: one of type CommonEncryption, since delivery policy "dash" encrypts it with cenc)
          """)
  void refusesUrls(String path, int status, String code, String detail) throws IOException {
    String bitrate = Long.toString(bitrate(0));
    refused(
        server.send("GET", path.replace("BITRATE", bitrate)),
        status,
        code,
        detail.replace("BITRATE", bitrate).replace("AUDIO", Long.toString(bitrate(1))));
  }

  @Test
  void refusesAnAssetWhoseMediaIsNotThereForAMomentOnly() throws IOException {
    var response = server.send("GET", "/absent/absent.ism/manifest(format=mpd-time-csf)");
    refused(response, 404, "MPE_STORAGE_RESOURCE_NOT_FOUND", "the asset's media is not there yet");
    assertThat(response.headers().firstValue("cache-control")).contains("max-age=1");
  }

  @Test
  void refusesOtherMethods() throws IOException {
    refused(
        server.post("/sidx/sidx.ism/manifest(format=mpd-time-csf)", "{}"),
        405,
        "METHOD_NOT_ALLOWED",
        "method: (expected: GET, HEAD, OPTIONS)");
  }

  @Test
  void givesTheKeyToAToken() throws JOSEException {
    assertThat(askWith(token(SECRET, Instant.now().plusSeconds(600), TOKEN_KEY_ID)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void refusesAKeyWithoutAToken() throws IOException {
    var response = ask(TOKEN_KEY_ID);
    refused(response, 401, "TOKEN_REQUIRED", "this key needs a token");
    assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer");
  }

  @Test
  void refusesAnUnknownKeyInTheSameWords() throws Exception {
    refused(ask(UNKNOWN_KEY_ID), 401, "TOKEN_REQUIRED", "this key needs a token");
    String token = token(SECRET, Instant.now().plusSeconds(600), UNKNOWN_KEY_ID);
    refused(
        ask(UNKNOWN_KEY_ID, "authorization", "Bearer " + token),
        403,
        "TOKEN_REFUSED",
        "the token does not grant this key");
  }

  @Test
  void refusesAnExpiredToken() throws Exception {
    refusedToken(token(SECRET, Instant.now().minusSeconds(120), TOKEN_KEY_ID));
  }

  @Test
  void refusesATokenForAnotherKey() throws Exception {
    refusedToken(token(SECRET, Instant.now().plusSeconds(600), Documents.VIDEO_KEY_ID));
  }

  @Test
  void refusesATokenOfAnotherSecret() throws Exception {
    byte[] other = SECRET.clone();
    other[0]++;
    refusedToken(token(other, Instant.now().plusSeconds(600), TOKEN_KEY_ID));
  }

  @Test
  void refusesAnUnsignedToken() throws Exception {
    String signed = token(SECRET, Instant.now().plusSeconds(600), TOKEN_KEY_ID);
    String claims = signed.substring(signed.indexOf('.'), signed.lastIndexOf('.') + 1);
    String none =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.US_ASCII));
    refusedToken(none + claims);
    refusedToken(signed.substring(0, signed.lastIndexOf('.') + 1));
  }

  @Test
  void refusesALicenceRequestThatIsNone() throws IOException {
    refused(
        server.post("/keys/ClearKey/", "kids"),
        400,
        "BAD_REQUEST",
        "body: not a JSON object (expected: {\"kids\":[...],\"type\":\"temporary\"})");
    refused(
        server.send("GET", "/keys/?kid=1"), 400, "MPE_BAD_URL_SYNTAX", "kid: (expected: a GUID)");
  }

  private static void refusedToken(String token) throws IOException {
    var response = askWith(token);
    refused(response, 403, "TOKEN_REFUSED", "the token does not grant this key");
    assertThat(server.log()).doesNotContain(token);
  }

  private static HttpResponse<byte[]> askWith(String token) {
    return ask(TOKEN_KEY_ID, "authorization", "Bearer " + token);
  }

  private static HttpResponse<byte[]> ask(String keyId, String... headers) {
    return server.post("/keys/ClearKey/?kid=" + keyId, "", headers);
  }

  private static String token(byte[] secret, Instant expires, String keyId) throws JOSEException {
    var claims =
        JSON.createObjectNode()
            .put("iss", "https://issuer.test")
            .put("aud", "https://audience.test")
            .put("exp", expires.getEpochSecond())
            .put("urn:microsoft:azure:mediaservices:contentkeyidentifier", keyId);
    var token = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(claims.toString()));
    token.sign(new MACSigner(secret));
    return token.serialize();
  }

  private static void refused(HttpResponse<byte[]> response, int status, String code, String detail)
      throws IOException {
    String body = new String(response.body(), StandardCharsets.UTF_8);
    assertThat(response.statusCode()).as(body).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
    var problem = JSON.readTree(response.body());
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("code").asText()).isEqualTo(code);
    assertThat(problem.path("detail").asText()).isEqualTo(detail);
  }

  @Test
  void servesAFileWhereAPolicyAllowsIt() throws IOException {
    var whole = server.send("GET", "/file/video.mp4");
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.headers().firstValue("content-type")).contains("video/mp4");
    assertThat(whole.body())
        .isEqualTo(Files.readAllBytes(SourceTitles.root().resolve("sidx/video.mp4")));
    var part = server.send("GET", "/file/video.mp4", "range", "bytes=100-299");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole.body(), 100, 300));
    String etag = whole.headers().firstValue("etag").orElseThrow();
    assertThat(server.send("GET", "/file/video.mp4", "if-none-match", etag).statusCode())
        .isEqualTo(304);
  }

  /** Of the video, which is first, or of the audio behind it. */
  private static long bitrate(int representation) {
    var mpd = Mpd.parse(server.get("/sidx/sidx.ism/manifest(format=mpd-time-csf)"));
    String url = mpd.representations().get(representation).initialization();
    return Long.parseLong(url.substring(url.indexOf('(') + 1, url.indexOf(')')));
  }
}
