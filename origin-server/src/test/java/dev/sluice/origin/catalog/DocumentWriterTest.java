package dev.sluice.origin.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DocumentWriterTest {
  private static final String SYMMETRIC = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0MTI=";

  @Test
  void writesWhatReadsBackTheSame() throws NoSuchAlgorithmException {
    for (ParsedDocument parsed : read(CatalogTexts.EXAMPLE)) {
      assertRoundTrip(parsed.document());
    }
    for (ParsedDocument parsed : read(full())) {
      assertRoundTrip(parsed.document());
    }
  }

  /** The members of the service's own examples, and each of them alone. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"kind":"Filter","name":"f","presentationTimeRange":{"startTimestamp":0,\
        "endTimestamp":1700000000,"presentationWindowDuration":1200000000,\
        "liveBackoffDuration":60000000,"timescale":10000000,"forceEndTimestamp":false},\
        "firstQuality":{"bitrate":1600000},"tracks":[{"trackSelections":[\
        {"property":"Type","operation":"Equal","value":"Audio"},\
        {"property":"Language","operation":"NotEqual","value":"en"},\
        {"property":"FourCC","operation":"NotEqual","value":"EC-3"}]},\
        {"trackSelections":[{"property":"Type","operation":"Equal","value":"Video"},\
        {"property":"Bitrate","operation":"Equal","value":"0-2427000"}]}]}\
        """,
        "{\"kind\":\"Filter\",\"name\":\"f\"}",
        """
        {"kind":"Filter","name":"f","asset":"a","presentationTimeRange":{"endTimestamp":1}}\
        """,
        """
        {"kind":"Filter","name":"f","presentationTimeRange":{"timescale":1,\
        "forceEndTimestamp":true}}\
        """,
        """
        {"kind":"Filter","name":"f","tracks":[{"trackSelections":[\
        {"property":"Name","operation":"Equal","value":"aac_eng 2"},\
        {"property":"Bitrate","operation":"NotEqual","value":"128000-"}]}]}\
        """
      })
  void writesAFilterAsItWasGiven(String json) {
    Document filter = read(json).getFirst().document();
    // As a tree of its text: a member's place among the others says nothing.
    assertThat(tree(DocumentWriter.write(filter, false).toString())).isEqualTo(tree(json));
  }

  @Test
  void masksSecretsUnlessAsked() throws NoSuchAlgorithmException {
    for (ParsedDocument parsed : read(full())) {
      String masked = DocumentWriter.write(parsed.document(), false).toString();
      assertThat(masked).doesNotContain(SYMMETRIC, "c2VjcmV0", "hidden");
    }
    Document policy = read(full()).get(1).document();
    assertThat(DocumentWriter.write(policy, true).toString()).contains(SYMMETRIC, "hidden");
    assertThat(policy.toString()).doesNotContain("c2VjcmV0");
  }

  @Test
  void readsKeyPartsInAnyBase64() {
    assertThat(Encodings.base64("-_8=")).hasValueSatisfying(it -> assertThat(it).hasSize(2));
    assertThat(Encodings.base64("+/8")).hasValueSatisfying(it -> assertThat(it).hasSize(2));
    assertThat(Encodings.base64("-_8==")).isEmpty();
    assertThat(Encodings.base64("a b")).isEmpty();
  }

  private static JsonNode tree(String json) {
    try {
      return DocumentReader.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertRoundTrip(Document document) {
    String json = DocumentWriter.write(document, true).toString();
    assertThat(read(json).getFirst().document()).isEqualTo(document);
  }

  private static java.util.List<ParsedDocument> read(String json) {
    return DocumentReader.read(json.getBytes(StandardCharsets.UTF_8));
  }

  /** Every member that the reader knows. */
  private static String full() throws NoSuchAlgorithmException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var rsa = (RSAPublicKey) generator.generateKeyPair().getPublic();
    KeyPairGenerator curves = KeyPairGenerator.getInstance("EC");
    curves.initialize(256);
    KeyPair pair = curves.generateKeyPair();
    var ec = (ECPublicKey) pair.getPublic();
    return """
    [{"kind": "ContentKey", "id": "8ba94ade-6eb9-449d-b44f-a5beefaf43b0",
      "type": "CommonEncryptionCbcs", "iv": "D5FBD6B82ED93E4EF98AE40931EE33B7",
      "tracks": [{"type": "Video", "bitrate": "0-2000000", "height": "720-"},
                 {"name": "n", "language": "en", "fourCC": "mp4a"}]},
     {"kind": "ContentKeyAuthorizationPolicy", "name": "token", "options": [
       {"name": "fp", "keyDeliveryType": "FairPlay",
        "configuration": {"ask": "hidden", "rentalAndLeaseKeyType": "Undefined"},
        "restriction": {"type": "TokenRestricted", "issuer": "i", "audience": "a",
          "primaryVerificationKey": {"symmetric": "%1$s"},
          "alternateVerificationKeys": [
            {"jwk": {"kty": "oct", "k": "%1$s"}},
            {"jwk": {"kty": "RSA", "n": "%2$s", "e": "AQAB", "kid": "1", "alg": "RS256"}},
            {"jwk": {"kty": "EC", "crv": "P-256", "x": "%3$s", "y": "%4$s"}}],
          "openIdConnectDiscoveryDocument": "https://example.com/.well-known/openid-configuration",
          "requiredClaims": [{"type": "t", "value": "v"}, {"type": "u", "value": null}]}},
       {"name": "wv", "keyDeliveryType": "Widevine",
        "configuration": "{\\"allowed_track_types\\": \\"SD_HD\\"}", "restriction": {"type": "Open"}},
       {"name": "pr", "keyDeliveryType": "PlayReadyLicense", "configuration": "<a/>",
        "restriction": {"type": "Open"}}]},
     {"kind": "AssetDeliveryPolicy", "name": "p", "protocols": ["All"], "type": "NoDynamicEncryption",
      "systems": ["Widevine", "PlayReady"],
      "configuration": {"allowPersistentLicense": true, "unencryptedTracksByFourCC": "mp4a",
        "widevineBaseLicenseAcquisitionUrl": "https://example.com/wv"}},
     {"kind": "StreamingLocator", "id": "90000000-0000-0000-0000-00000000000A", "asset": "bear",
      "startTime": "2026-01-01T00:00:00Z", "endTime": "9999-12-31T23:59:59.9999999Z",
      "filters": ["f"], "alternativeMediaId": "m"},
     {"kind": "Filter", "name": "f", "asset": "bear",
      "presentationTimeRange": {"startTimestamp": 0, "endTimestamp": 1700000000,
        "presentationWindowDuration": 1200000000, "liveBackoffDuration": 60000000,
        "timescale": 10000000, "forceEndTimestamp": false},
      "firstQuality": {"bitrate": 1600000},
      "tracks": [{"trackSelections": [
        {"property": "Type", "operation": "Equal", "value": "Video"},
        {"property": "Bitrate", "operation": "Equal", "value": "0-2427000"}]}]},
     {"kind": "AccessPolicy", "name": "p1", "role": "Reader", "authentication": {
       "@type": "#Microsoft.VideoAnalyzer.JwtAuthentication", "issuers": ["i"],
       "audiences": ["${System.Runtime.BaseResourceUrlPattern}"],
       "claims": [{"name": "tenant", "value": "42"}],
       "keys": [
         {"@type": "#Microsoft.VideoAnalyzer.RsaTokenKey", "kid": "k1", "alg": "256",
          "n": "%2$s", "e": "AQAB"},
         {"@type": "#Microsoft.VideoAnalyzer.EccTokenKey", "kid": "k2", "alg": "ES256",
          "x": "%3$s", "y": "%4$s"}]}}]
    """
        .formatted(
            SYMMETRIC,
            base64(rsa.getModulus().toByteArray()),
            base64(ec.getW().getAffineX().toByteArray()),
            base64(ec.getW().getAffineY().toByteArray()));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
