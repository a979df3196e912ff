package dev.sluice.origin.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.CallerFailure;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DocumentReaderTest {
  private static final String ID = "8ba94ade-6eb9-449d-b44f-a5beefaf43b0";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"kind":"Asset","name":"bear","container":"bear","deliveryPolicy":"x"} | Asset "bear": deliveryPolicy (unknown field; known: kind, name, container, manifest, deliveryPolicies, contentKeys, filters, accessPolicies) at documents[0]
          [{"kind":"Asset","name":"a","container":"a"},{"kind":"Aset","name":"bear"}] | document: kind: Aset (expected: one of Asset, ContentKey, AssetDeliveryPolicy, ContentKeyAuthorizationPolicy, StreamingLocator, Filter, AccessPolicy) at documents[1]
          {"name":"bear"} | document: kind: missing (expected: one of Asset, ContentKey, AssetDeliveryPolicy, ContentKeyAuthorizationPolicy, StreamingLocator, Filter, AccessPolicy) at documents[0]
          [3] | document: kind: the number 3 (expected: an object with kind) at documents[0]
          {"kind":"Asset","name":"a b","container":"bear"} | Asset "a b": name: a b (expected: 1 to 128 of A-Z a-z 0-9 . _ -) at documents[0]
          {"kind":"Asset","name":"bear"} | Asset "bear": container: missing (expected: a folder below the media root, or a storage URL) at documents[0]
          {"kind":"Asset","name":"bear","container":"../x"} | Asset "bear": container: ../x (expected: a folder below the media root, or a storage URL) at documents[0]
          {"kind":"Asset","name":"bear","container":"/x"} | Asset "bear": container: /x (expected: a folder below the media root, or a storage URL) at documents[0]
          {"kind":"Asset","name":"bear","container":7} | Asset "bear": container: the number 7 (expected: a string) at documents[0]
          {"kind":"Asset","name":"bear","container":"bear","manifest":"x.mpd"} | Asset "bear": manifest: x.mpd (expected: the name of an .ism file in the container) at documents[0]
          {"kind":"Asset","name":"bear","container":"bear","contentKeys":["8ba94ade"]} | Asset "bear": contentKeys[0]: 8ba94ade (expected: a GUID such as 8ba94ade-6eb9-449d-b44f-a5beefaf43b0) at documents[0]
          {"kind":"Asset","name":"bear","container":"bear","filters":"f"} | Asset "bear": filters: a string (expected: a list) at documents[0]
          {"kind":"Asset","name":"bear","container":"bear","filters":["f","f"]} | Asset "bear": filters[1]: f (expected: each only once) at documents[0]
          {"kind":"ContentKey","id":"1","type":"CommonEncryption"} | ContentKey "1": id: 1 (expected: a GUID such as 8ba94ade-6eb9-449d-b44f-a5beefaf43b0) at documents[0]
          {"kind":"ContentKey","id":"8ba94ade-6eb9-449d-b44f-a5beefaf43b0","type":"Common"} | ContentKey "8ba94ade-6eb9-449d-b44f-a5beefaf43b0": type: Common (expected: one of CommonEncryption, CommonEncryptionCbcs, EnvelopeEncryption, StorageEncryption) at documents[0]
          {"kind":"ContentKey","id":"8ba94ade-6eb9-449d-b44f-a5beefaf43b0","type":"CommonEncryption","value":"AAAA"} | ContentKey "8ba94ade-6eb9-449d-b44f-a5beefaf43b0": value: 3 bytes (expected: base64 of 16 bytes) at documents[0]
          {"kind":"ContentKey","id":"8ba94ade-6eb9-449d-b44f-a5beefaf43b0","type":"CommonEncryption","value":"s e c r e t"} | ContentKey "8ba94ade-6eb9-449d-b44f-a5beefaf43b0": value: not base64 (expected: base64 of 16 bytes) at documents[0]
          {"kind":"ContentKey","id":"8ba94ade-6eb9-449d-b44f-a5beefaf43b0","type":"CommonEncryption","keySeed":"AAAA"} | ContentKey "8ba94ade-6eb9-449d-b44f-a5beefaf43b0": keySeed: 3 bytes (expected: base64 of at least 30 bytes) at documents[0]
          {"kind":"ContentKey","id":"8ba94ade-6eb9-449d-b44f-a5beefaf43b0","type":"CommonEncryption","iv":"00000000000000000000000000000000"} | ContentKey "8ba94ade-6eb9-449d-b44f-a5beefaf43b0": iv: given for CommonEncryption (expected: only for CommonEncryptionCbcs and EnvelopeEncryption) at documents[0]
          {"kind":"ContentKey","id":"8ba94ade-6eb9-449d-b44f-a5beefaf43b0","type":"CommonEncryptionCbcs","iv":"00"} | ContentKey "8ba94ade-6eb9-449d-b44f-a5beefaf43b0": iv: 00 (expected: 32 hex digits) at documents[0]
          {"kind":"ContentKey","id":"8ba94ade-6eb9-449d-b44f-a5beefaf43b0","type":"CommonEncryption","tracks":[{"type":"video","height":"9-1"}]} | ContentKey "8ba94ade-6eb9-449d-b44f-a5beefaf43b0": tracks[0].height: 9-1 (expected: a-b with a <= b, such as 0-2500000) at documents[0]
          {"kind":"ContentKey","id":"8ba94ade-6eb9-449d-b44f-a5beefaf43b0","type":"CommonEncryption","tracks":[{"codec":"avc1"}]} | ContentKey "8ba94ade-6eb9-449d-b44f-a5beefaf43b0": tracks[0].codec (unknown field; known: type, name, language, fourCC, bitrate, height) at documents[0]
          {"kind":"AssetDeliveryPolicy","name":"p","protocols":["Hds"],"type":"Blocked"} | AssetDeliveryPolicy "p": protocols[0]: Hds (expected: one or more of Dash, HLS, SmoothStreaming, ProgressiveDownload, All) at documents[0]
          {"kind":"AssetDeliveryPolicy","name":"p","protocols":["All"],"type":"Clear"} | AssetDeliveryPolicy "p": type: Clear (expected: one of Blocked, NoDynamicEncryption, DynamicEnvelopeEncryption, DynamicCommonEncryption, DynamicCommonEncryptionCbcs) at documents[0]
          {"kind":"AssetDeliveryPolicy","name":"p","protocols":["Dash"],"type":"Blocked","configuration":{"commonEncryptionIVForCbcs":"zz"}} | AssetDeliveryPolicy "p": configuration.commonEncryptionIVForCbcs: zz (expected: 32 hex digits) at documents[0]
          {"kind":"AssetDeliveryPolicy","name":"p","protocols":["Dash"],"type":"Blocked","systems":["Marlin"]} | AssetDeliveryPolicy "p": systems[0]: Marlin (expected: one of PlayReady, Widevine, FairPlay, ClearKey) at documents[0]
          {"kind":"AssetDeliveryPolicy","name":"p","protocols":["Dash"],"type":"Blocked","configuration":{"widevineLicenseAcquisitionUrl":"/x"}} | AssetDeliveryPolicy "p": configuration.widevineLicenseAcquisitionUrl: /x (expected: an absolute https or http URL) at documents[0]
          {"kind":"AssetDeliveryPolicy","name":"p","protocols":["Dash"],"type":"Blocked","configuration":{"clearKeyLicenseAcquisitionUrl":"https://l/{KeyId}"}} | AssetDeliveryPolicy "p": configuration.clearKeyLicenseAcquisitionUrl: https://l/{KeyId} (expected: in braces only ContentKeyId, AlternativeMediaId or AssetAlternativeId) at documents[0]
          {"kind":"AssetDeliveryPolicy","name":"p","protocols":["Dash"],"type":"Blocked","configuration":{"playReadyCustomAttributes":"name1"}} | AssetDeliveryPolicy "p": configuration.playReadyCustomAttributes: name1 (expected: name1:value1,name2:value2) at documents[0]
          {"kind":"AssetDeliveryPolicy","name":"p","protocols":["Dash"],"type":"Blocked","configuration":{"playReadyCustomAttributes":"<a>:1"}} | AssetDeliveryPolicy "p": configuration.playReadyCustomAttributes: <a>:1 (expected: name1:value1,name2:value2) at documents[0]
          {"kind":"AssetDeliveryPolicy","name":"p","protocols":["Dash"],"type":"Blocked","configuration":{"playReadyCustomAttributes":"a:1,xmlb:2"}} | AssetDeliveryPolicy "p": configuration.playReadyCustomAttributes: a:1,xmlb:2 (expected: name1:value1,name2:value2) at documents[0]
          {"kind":"StreamingLocator","id":"8ba94ade-6eb9-449d-b44f-a5beefaf43b0","asset":"bear","startTime":"2026-01-01"} | StreamingLocator "8ba94ade-6eb9-449d-b44f-a5beefaf43b0": startTime: 2026-01-01 (expected: an ISO 8601 time with its zone, such as 2026-01-31T20:00:00Z) at documents[0]
          {"kind":"StreamingLocator","id":"8ba94ade-6eb9-449d-b44f-a5beefaf43b0","asset":"bear","startTime":"2026-01-02T00:00:00Z","endTime":"2026-01-01T00:00:00Z"} | StreamingLocator "8ba94ade-6eb9-449d-b44f-a5beefaf43b0": endTime: 2026-01-01T00:00:00Z (expected: later than startTime 2026-01-02T00:00:00Z) at documents[0]
          {"kind":"Filter","name":"f","tracks":[{"trackSelections":[{"property":"Codec","operation":"Equal","value":"x"}]}]} | Filter "f": tracks[0].trackSelections[0].property: Codec (expected: one of Type, Name, Language, FourCC, Bitrate) at documents[0]
          {"kind":"Filter","name":"f","firstQuality":{"bitrate":"1"}} | Filter "f": firstQuality.bitrate: a string (expected: a whole number from 1 to 2147483647) at documents[0]
          {"kind":"AccessPolicy","name":"p","role":"Writer"} | AccessPolicy "p": role: Writer (expected: Reader) at documents[0]
          {"kind":"AccessPolicy","name":"p","role":"Reader","authentication":{"@type":"#Microsoft.VideoAnalyzer.JwtAuthentication","issuers":["i"],"audiences":["a"],"keys":[{"@type":"#Microsoft.VideoAnalyzer.RsaTokenKey","kid":"1","alg":"RS256","n":"YmFzZTY0IQ==","e":"AQAB"}]}} | AccessPolicy "p": authentication.keys[0].n: RSA of 55 bits (expected: 2048 to 16384 bits) at documents[0]
          {"kind":"AccessPolicy","name":"p","role":"Reader","authentication":{"@type":"#Microsoft.VideoAnalyzer.JwtAuthentication","issuers":["i"],"audiences":["a"],"keys":[{"@type":"#Microsoft.VideoAnalyzer.EccTokenKey","kid":"1","alg":"RS256","x":"AQ","y":"AQ"}]}} | AccessPolicy "p": authentication.keys[0].alg: RS256 (expected: one of ES256, ES384, ES512) at documents[0]
          {"kind":"AccessPolicy","name":"p","role":"Reader","authentication":{"@type":"#Microsoft.VideoAnalyzer.JwtAuthentication","issuers":["i"],"audiences":["a"],"keys":[{"@type":"#Microsoft.VideoAnalyzer.EccTokenKey","kid":"1","alg":"256","x":"AQ","y":"AQ"}]}} | AccessPolicy "p": authentication.keys[0].x: no point (expected: x and y of a point of P-256) at documents[0]
          {"kind":"Asset","kind":"Asset"} | JSON: duplicate member "kind" at line 1, column 23
          {"kind":"Asset"} x | JSON: not well-formed at line 1, column 18
          {"kind":"Asset" | JSON: not well-formed at line 1, column 16
          """)
  void refuses(String json, String message) {
    assertRefused(json, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type":"Closed"} | type: Closed (expected: one of Open, TokenRestricted)
          {"type":"Open","issuer":"i"} | issuer (unknown field; known: type)
          {"type":"TokenRestricted","audience":"a"} | issuer: missing (expected: what iss of a token must be)
          {"type":"TokenRestricted","issuer":"i"} | audience: missing (expected: what aud of a token must be)
          {"type":"TokenRestricted","issuer":"i","audience":"a"} | primaryVerificationKey: missing (expected: a verification key, or an openIdConnectDiscoveryDocument)
          {"type":"TokenRestricted","issuer":"i","audience":"a","primaryVerificationKey":{"symmetric":"AAAA"}} | primaryVerificationKey.symmetric: 3 bytes (expected: base64 of at least 32 bytes)
          {"type":"TokenRestricted","issuer":"i","audience":"a","primaryVerificationKey":{"x509":"AAAA"}} | primaryVerificationKey.x509: 3 bytes that are no certificate (expected: base64 of a certificate in DER)
          {"type":"TokenRestricted","issuer":"i","audience":"a","primaryVerificationKey":{"jwk":{"kty":"RSA","n":"AAAA","e":"AQAB"}}} | primaryVerificationKey.jwk.n: RSA of 0 bits (expected: 2048 to 16384 bits)
          {"type":"TokenRestricted","issuer":"i","audience":"a","primaryVerificationKey":{"jwk":{"kty":"RSA","d":"AAAA"}}} | primaryVerificationKey.jwk.d (unknown field; known: kty, kid, use, alg, key_ops, x5c, x5t, x5t#S256, n, e)
          {"type":"TokenRestricted","issuer":"i","audience":"a","openIdConnectDiscoveryDocument":"http://example.com/"} | openIdConnectDiscoveryDocument: http://example.com/ (expected: an absolute https URL, or an http URL of this machine)
          {"type":"TokenRestricted","tokenType":"SAML","issuer":"i","audience":"a"} | tokenType: SAML (expected: one of JWT, SWT)
          """)
  void refusesTheRestriction(String json, String message) {
    String[] halves = message.split("(?=[: ])", 2);
    assertRefused(
        "{\"kind\":\"ContentKeyAuthorizationPolicy\",\"name\":\"p\",\"options\":[{\"keyDeliveryType\":"
            + "\"ClearKey\",\"restriction\":"
            + json
            + "}]}",
        "ContentKeyAuthorizationPolicy \"p\": options[0].restriction."
            + halves[0]
            + halves[1]
            + " at documents[0]");
  }

  @Test
  void refusesDeepNesting() {
    assertRefused(
        "{\"kind\":\"Asset\",\"name\":" + "[".repeat(1000) + "]".repeat(1000) + "}",
        "JSON: nested too deeply (expected: at most 32 levels)");
  }

  @Test
  void refusesADocumentThatIsTooLong() {
    assertRefused(
        "[{\"kind\":\"Asset\"" + " ".repeat(DocumentReader.DOCUMENT_MAX_BYTES) + "}]",
        "JSON: documents[0]: 1048592 bytes (expected: at most 1048576 bytes)");
  }

  @Test
  void refusesTooManyDocuments() {
    assertRefused(
        "[" + "1,".repeat(DocumentReader.DOCUMENTS_MAX) + "1]", "JSON: more than 10000 documents");
  }

  @Test
  void refusesHugeNumbersWithoutExpandingThem() {
    assertRefused(
        "{\"kind\":\"Filter\",\"name\":\"f\",\"firstQuality\":{\"bitrate\":1e999999999}}",
        "Filter \"f\": firstQuality.bitrate: the number Infinity"
            + " (expected: a whole number from 1 to 2147483647) at documents[0]");
  }

  @Test
  void refusesNothingAtAll() {
    assertRefused("", "JSON: nothing (expected: a document, or a list of documents)");
    assertThat(DocumentReader.read("[]".getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void namesTheFile() {
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(
            () -> DocumentReader.read("{\"kind\":1}".getBytes(StandardCharsets.UTF_8), "keys.json"))
        .withMessage(
            "document: kind: the number 1 (expected: a string) at keys.json, documents[0]");
  }

  @Test
  void acceptsGuidsInEitherCase() {
    var parsed =
        DocumentReader.read(
            """
            {"kind": "ContentKey", "id": "8BA94ADE-6EB9-449D-B44F-A5BEEFAF43B0",
             "type": "CommonEncryption"}
            """
                .getBytes(StandardCharsets.UTF_8));
    assertThat(parsed.getFirst().document().name()).isEqualTo(ID);
  }

  private static void assertRefused(String json, String message) {
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> DocumentReader.read(json.getBytes(StandardCharsets.UTF_8)))
        .withMessage(message);
  }
}
