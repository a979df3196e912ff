package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.origin.oracle.Browser;
import dev.sluice.origin.oracle.Browser.Player;
import dev.sluice.origin.oracle.Browser.Seen;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A title whose key needs a token, in a real browser. */
final class TokenPlaybackTest {
  private static final String MANIFEST =
      "/title/title.ism/manifest(format=mpd-time-csf,encryption=cenc)";
  private static final String PAGE =
      "/player/?url=" + URLEncoder.encode(MANIFEST, StandardCharsets.UTF_8);
  private static final byte[] SECRET = secret(7);
  private static final String DOCUMENTS =
      """
      [{"kind": "ContentKey", "id": "d3300000-51ce-4000-8000-000000000003",
        "type": "CommonEncryption", "authorizationPolicy": "subscribers"},
       {"kind": "ContentKeyAuthorizationPolicy", "name": "subscribers",
        "options": [{"name": "clearkey", "keyDeliveryType": "ClearKey",
          "restriction": {"type": "TokenRestricted", "issuer": "https://sts.test",
            "audience": "urn:player", "primaryVerificationKey": {"symmetric": "%s"}}}]},
       {"kind": "AssetDeliveryPolicy", "name": "cenc", "protocols": ["Dash"],
        "type": "DynamicCommonEncryption", "configuration": {}},
       {"kind": "Asset", "name": "title", "container": "demo", "deliveryPolicies": ["cenc"],
        "contentKeys": ["d3300000-51ce-4000-8000-000000000003"]}]
      """
          .formatted(Base64.getEncoder().encodeToString(SECRET));

  @TempDir private static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void start() throws IOException {
    Path documents = Files.writeString(folder.resolve("documents.json"), DOCUMENTS);
    String data = folder.resolve("data").toString();
    RunningServer.run("apply", "-f", documents.toString(), "--data", data);
    server =
        RunningServer.start(
            List.of(),
            List.of(
                "serve",
                "--port",
                "0",
                "--tls-port",
                "0",
                "--admin-port",
                "-1",
                "--media",
                "src/main/resources/dev/sluice/origin",
                "--data",
                data));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void pageSaysThatATokenIsNeeded() {
    var seen = Browser.page(server.httpBase() + PAGE).within(10).play();
    assertThat(title(seen)).as(seen.all().toString()).isEqualTo("Token needed");
    assertThat(text(seen)).contains("this key needs a token [TOKEN_REQUIRED]");
  }

  @Test
  void pagePlaysWithAToken() throws JOSEException {
    var seen = page().token(token(SECRET)).to(5).play();
    assertThat(seen.ok()).as(seen.all().toString()).isTrue();
  }

  @Test
  void pageSaysThatATokenIsRefused() throws JOSEException {
    var seen = page().token(token(secret(8))).within(10).play();
    assertThat(title(seen)).as(seen.all().toString()).isEqualTo("Token refused");
    assertThat(text(seen)).contains("the token does not grant this key [TOKEN_REFUSED]");
  }

  /** dash.js is not tried: how it takes a token for a licence URL of the MPD is not settled. */
  @ParameterizedTest
  @EnumSource(names = {"SHAKA", "RX"})
  void playersPlayWithATokenOnly(Player player) throws JOSEException {
    var manifest = Browser.manifest(server.httpBase() + MANIFEST, player);
    assertThat(manifest.within(8).play().ok()).isFalse();
    var seen = manifest.token(token(SECRET)).play();
    assertThat(seen.ok()).as(seen.all().toString()).isTrue();
  }

  private static Browser.Playback page() {
    return Browser.page(server.httpBase() + PAGE);
  }

  private static String token(byte[] secret) throws JOSEException {
    var claims =
        new JWTClaimsSet.Builder()
            .issuer("https://sts.test")
            .audience("urn:player")
            .expirationTime(Date.from(Instant.now().plusSeconds(600)))
            .build();
    var jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
    jwt.sign(new MACSigner(secret));
    return jwt.serialize();
  }

  private static byte[] secret(int value) {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) value);
    return secret;
  }

  private static String title(Seen seen) {
    return seen.all().at("/error/title").asText();
  }

  private static String text(Seen seen) {
    return seen.all().at("/error/text").asText();
  }
}
