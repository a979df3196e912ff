package dev.sluice.origin.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.key.MasterKey;
import dev.sluice.origin.media.KeyId;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StoredCatalogTest {
  private static final String KEY_2 = "339c45b5-fb6d-4bd9-994c-eabd9d41c95b";

  private final StoredCatalog catalog =
      StoredCatalog.inMemory(MasterKey.taking(new byte[MasterKey.BYTES]), new SecureRandom());
  private final CatalogDocuments documents = new CatalogDocuments(catalog);

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void appliesTheExampleOfTheContract() {
    ApplyResult result = documents.applyJson(CatalogTexts.EXAMPLE);
    assertThat(result.created()).hasSize(5).contains("Asset \"bear\"");
    assertThat(catalog.findAsset("bear")).isPresent();
    assertThat(catalog.findLocator(UUID.fromString("90000000-0000-0000-0000-00000000000a")))
        .isPresent();
    assertThat(catalog.locatorsOf("bear")).hasSize(1);
    assertThat(catalog.findDeliveryPolicy("dash-cenc")).isPresent();
    assertThat(catalog.findAuthorizationPolicy("open")).isPresent();
    assertThat(catalog.assetsAfter("", 10)).hasSize(1);
    assertThat(catalog.assetsAfter("bear", 10)).isEmpty();
    assertThat(catalog.hasAccessPolicies()).isFalse();
    try (var key = catalog.unwrap(KeyId.parse(CatalogTexts.ID).orElseThrow()).orElseThrow()) {
      assertThat(HexFormat.of().formatHex(key.copyValue()))
          .isEqualTo("000102030405060708090a0b0c0d0e0f");
    }
  }

  @Test
  void readsAContainerWithASlashAtItsEnd() {
    documents.applyJson("{\"kind\": \"Asset\", \"name\": \"a\", \"container\": \"films/a/\"}");
    assertThat(catalog.findAsset("a").orElseThrow().container()).isEqualTo("films/a");
  }

  @Test
  void changesNothingWhenAppliedAgain() {
    documents.applyJson(CatalogTexts.EXAMPLE);
    long revision = catalog.revision();
    assertThat(documents.applyJson(CatalogTexts.EXAMPLE).unchanged()).hasSize(5);
    assertThat(catalog.revision()).isEqualTo(revision);
  }

  @Test
  void appliesAllOrNone() {
    assertRefused(
        """
        [{"kind": "Asset", "name": "a", "container": "a"},
         {"kind": "StreamingLocator", "id": "90000000-0000-0000-0000-00000000000a", "asset": "b"}]
        """,
        "StreamingLocator \"90000000-0000-0000-0000-00000000000a\": asset: b"
            + " (expected: the name of an Asset in the catalog)");
    assertThat(catalog.findAsset("a")).isEmpty();
    assertThat(catalog.revision()).isZero();
  }

  @Test
  void namesDanglingReferences() {
    assertDangling(
        "\"deliveryPolicies\": [\"x\"]", "deliveryPolicies: x", "an AssetDeliveryPolicy");
    assertDangling("\"contentKeys\": [\"" + KEY_2 + "\"]", "contentKeys: " + KEY_2, "a ContentKey");
    assertDangling("\"filters\": [\"x\"]", "filters: x", "a Filter");
    assertDangling("\"accessPolicies\": [\"x\"]", "accessPolicies: x", "an AccessPolicy");
    assertRefused(
        """
        {"kind": "ContentKey", "id": "%s", "type": "CommonEncryption", "authorizationPolicy": "x"}
        """
            .formatted(KEY_2),
        "ContentKey \"%s\": authorizationPolicy: x".formatted(KEY_2)
            + " (expected: the name of a ContentKeyAuthorizationPolicy in the catalog)");
    assertRefused(
        "{\"kind\": \"Filter\", \"name\": \"f\", \"asset\": \"x\"}",
        "Filter \"f\": asset: x (expected: the name of an Asset in the catalog)");
  }

  @Test
  void refusesADocumentGivenTwice() {
    assertRefused(
        """
        [{"kind": "Asset", "name": "a", "container": "a"},
         {"kind": "Asset", "name": "a", "container": "b"}]
        """,
        "Asset \"a\": given twice (expected: once) at documents[0] and documents[1]");
  }

  @Test
  void refusesAKeyOfTheWrongType() {
    assertRefused(
        CatalogTexts.EXAMPLE.replace(
            "\"DynamicCommonEncryption\"", "\"DynamicEnvelopeEncryption\""),
        "Asset \"bear\": contentKeys: only of type CommonEncryption (expected: one of type"
            + " EnvelopeEncryption, which delivery policy \"dash-cenc\" needs)");
  }

  @Test
  void refusesAnotherTypeOrValueForAKeyThatExists() {
    documents.applyJson(CatalogTexts.EXAMPLE);
    assertRefused(
        """
        {"kind": "ContentKey", "id": "%s", "type": "CommonEncryptionCbcs"}
        """
            .formatted(CatalogTexts.ID),
        "ContentKey \"%s\": type: CommonEncryptionCbcs".formatted(CatalogTexts.ID)
            + " (expected: CommonEncryption, which it has; a key never changes its cipher)"
            + " at documents[0]");
    assertRefused(
        """
        {"kind": "ContentKey", "id": "%s", "type": "CommonEncryption",
         "value": "AAAAAAAAAAAAAAAAAAAAAA=="}
        """
            .formatted(CatalogTexts.ID),
        "ContentKey \"%s\": value: another than the key has".formatted(CatalogTexts.ID)
            + " (expected: the same; delete the key first to give it another) at documents[0]");
  }

  @Test
  void refusesOneValueForBothCiphers() {
    documents.applyJson(CatalogTexts.EXAMPLE);
    assertRefused(
        """
        {"kind": "ContentKey", "id": "%s", "type": "CommonEncryptionCbcs",
         "value": "AAECAwQFBgcICQoLDA0ODw=="}
        """
            .formatted(KEY_2),
        "ContentKey \"%s\": value: that of ContentKey \"%s\"".formatted(KEY_2, CatalogTexts.ID)
            + " (expected: another; one value never serves CommonEncryptionCbcs and"
            + " CommonEncryption)");
  }

  @Test
  void refusesOneValueForCencAndEnvelope() {
    documents.applyJson(CatalogTexts.EXAMPLE);
    assertRefused(
        """
        {"kind": "ContentKey", "id": "%s", "type": "EnvelopeEncryption",
         "value": "AAECAwQFBgcICQoLDA0ODw=="}
        """
            .formatted(KEY_2),
        "ContentKey \"%s\": value: that of ContentKey \"%s\"".formatted(KEY_2, CatalogTexts.ID)
            + " (expected: another; one value never serves EnvelopeEncryption and"
            + " CommonEncryption)");
  }

  @ParameterizedTest
  @CsvSource({
    "Dash HLS, HLS, DynamicCommonEncryption, HLS",
    "All, Dash, DynamicEnvelopeEncryption, Dash",
    "ProgressiveDownload, All, NoDynamicEncryption, ProgressiveDownload",
    "All, SmoothStreaming, DynamicCommonEncryptionCbcs, SmoothStreaming",
    "Dash, HLS, DynamicCommonEncryption, ''",
    "All, All, Blocked, ''",
  })
  void refusesTwoPoliciesOfOneType(String one, String other, String type, String both) {
    String json =
        "["
            + policy("one", one, type)
            + policy("other", other, type)
            + policy("third", "All", "Blocked")
            + """
            {"kind": "Asset", "name": "a", "container": "a",
             "deliveryPolicies": ["third", "other", "one"]}]
            """;
    if (both.isEmpty()) {
      assertThat(documents.applyJson(json).created()).hasSize(4);
    } else {
      assertRefused(
          json,
          "Asset \"a\": deliveryPolicies: \"other\" and \"one\" are both of type %s for %s"
                  .formatted(type, both)
              + " (expected: one policy of a type for a protocol)");
    }
  }

  @Test
  void refusesTwoIvsForAKey() {
    String json =
        """
        [{"kind": "ContentKey", "id": "%s", "type": "CommonEncryptionCbcs",
          "iv": "00000000000000000000000000000001"},
         {"kind": "AssetDeliveryPolicy", "name": "p", "protocols": ["HLS"],
          "type": "DynamicCommonEncryptionCbcs",
          "configuration": {"commonEncryptionIVForCbcs": "00000000000000000000000000000002"}},
         {"kind": "Asset", "name": "a", "container": "a", "deliveryPolicies": ["p"],
          "contentKeys": ["%s"]}]
        """
            .formatted(KEY_2, KEY_2);
    assertRefused(
        json,
        "Asset \"a\": contentKeys: %s has another iv than delivery policy \"p\" gives keys of type"
                .formatted(KEY_2)
            + " CommonEncryptionCbcs (expected: one, or the same in both)");
    documents.applyJson(json.replace("0002", "0001"));
  }

  @Test
  void refusesTwoEnvelopeIvsOfAPolicy() {
    assertRefused(
        """
        {"kind": "AssetDeliveryPolicy", "name": "p", "protocols": ["HLS"],
         "type": "DynamicEnvelopeEncryption", "configuration": {
           "envelopeEncryptionIV": "000102030405060708090a0b0c0d0e0e",
           "envelopeEncryptionIVAsBase64": "AAECAwQFBgcICQoLDA0ODw=="}}
        """,
        "AssetDeliveryPolicy \"p\": configuration.envelopeEncryptionIVAsBase64: another IV than"
            + " envelopeEncryptionIV (expected: one of them, or the same in both) at documents[0]");
  }

  @Test
  void refusesAFilterOfAnotherAsset() {
    String filtered =
        """
        [{"kind": "Asset", "name": "a", "container": "a"},
         {"kind": "Asset", "name": "b", "container": "b"},
         {"kind": "Filter", "name": "f", "asset": "a"},
         {"kind": "StreamingLocator", "id": "90000000-0000-0000-0000-00000000000a", "asset": "%s",
          "filters": ["f"]}]
        """;
    assertRefused(
        filtered.formatted("b"),
        "StreamingLocator \"90000000-0000-0000-0000-00000000000a\": filters: f (expected: a Filter"
            + " of this asset or of all; it is of \"a\")");
    documents.applyJson(filtered.formatted("a"));
    assertThat(catalog.findFilter("f")).isPresent();
  }

  private static String policy(String name, String protocols, String type) {
    return """
    {"kind": "AssetDeliveryPolicy", "name": "%s", "protocols": ["%s"], "type": "%s"},
    """
        .formatted(name, protocols.replace(" ", "\", \""), type);
  }

  @Test
  void refusesTwoKeysForAllTracks() {
    assertRefused(
        """
        [{"kind": "ContentKey", "id": "%1$s", "type": "CommonEncryption"},
         {"kind": "ContentKey", "id": "%2$s", "type": "CommonEncryption"},
         {"kind": "AssetDeliveryPolicy", "name": "p", "protocols": ["Dash"],
          "type": "DynamicCommonEncryption"},
         {"kind": "Asset", "name": "a", "container": "a", "deliveryPolicies": ["p"],
          "contentKeys": ["%1$s", "%2$s"]}]
        """
            .formatted(CatalogTexts.ID, KEY_2),
        "Asset \"a\": contentKeys: %s and %s".formatted(CatalogTexts.ID, KEY_2)
            + " (expected: one key of type CommonEncryption for a track; both are for all)");
  }

  @Test
  void keepsARandomValueWhenAppliedAgain() {
    String json =
        "{\"kind\": \"ContentKey\", \"id\": \"%s\", \"type\": \"CommonEncryption\"}"
            .formatted(KEY_2);
    documents.applyJson(json);
    String before = documents.getJson("ContentKey", KEY_2, true).orElseThrow();
    assertThat(documents.applyJson(json).unchanged()).hasSize(1);
    assertThat(documents.getJson("contentkey", KEY_2, true)).contains(before);
  }

  @Test
  void derivesAValueFromASeed() {
    documents.applyJson(
        """
        {"kind": "ContentKey", "id": "8BA94ADE-6EB9-449D-B44F-A5BEEFAF43B0",
         "type": "CommonEncryption", "keySeed": "XVBovsmzhP9gRIZxWfFta3VVRPzVEWmJsazEJ46I"}
        """);
    assertThat(documents.getJson("ContentKey", CatalogTexts.ID, true).orElseThrow())
        .contains("\"value\" : \"2/1pIsMhxLtIb0ocRAl+1g==\"");
  }

  @Test
  void masksSecrets() {
    documents.applyJson(CatalogTexts.EXAMPLE);
    assertThat(documents.getJson("ContentKey", CatalogTexts.ID, false).orElseThrow())
        .contains("\"value\" : \"***\"")
        .doesNotContain("AAECAw");
    assertThat(documents.listJson("ContentKey", false)).doesNotContain("AAECAw");
  }

  @Test
  void deletesWhatNothingNames() {
    documents.applyJson(CatalogTexts.EXAMPLE);
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> documents.delete("ContentKey", CatalogTexts.ID))
        .withMessage(
            "ContentKey \"%s\": still named by Asset \"bear\" (expected: that contentKeys no longer"
                    .formatted(CatalogTexts.ID)
                + " names it)");
    documents.delete("StreamingLocator", "90000000-0000-0000-0000-00000000000A");
    documents.delete("Asset", "bear");
    documents.delete("ContentKey", CatalogTexts.ID);
    assertThat(catalog.unwrap(KeyId.parse(CatalogTexts.ID).orElseThrow())).isEmpty();
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> documents.delete("Asset", "bear"))
        .withMessage("Asset \"bear\": not in the catalog")
        .extracting(Failure::code)
        .isEqualTo(FailureCode.MPE_RESOURCE_NOT_FOUND);
  }

  @Test
  void refusesADocumentOtherThanItsAddress() {
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() ->
            documents.applyJson(
                "Asset", "b", "{\"kind\": \"Asset\", \"name\": \"a\", \"container\": \"a\"}"))
        .withMessage("document: another than the address names (expected: one Asset \"b\")");
  }

  @Test
  void refusesMoreThanTwentyAccessPolicies() {
    // The key is the generator of P-256.
    String policies =
        IntStream.range(0, 21)
            .mapToObj(i ->
                """
                {"kind": "AccessPolicy", "name": "p%d", "role": "Reader", "authentication": {
                 "@type": "#Microsoft.VideoAnalyzer.JwtAuthentication", "issuers": ["i"],
                 "audiences": ["a"], "keys": [{"@type": "#Microsoft.VideoAnalyzer.EccTokenKey",
                 "kid": "k", "alg": "ES256",
                 "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
                 "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}]}}
                """
                    .formatted(i))
            .collect(Collectors.joining(",", "[", "]"));
    assertRefused(policies, "AccessPolicy: 21 (expected: at most 20 a catalog)");
  }

  private void assertDangling(String member, String shown, String kind) {
    assertRefused(
        "{\"kind\": \"Asset\", \"name\": \"a\", \"container\": \"a\", " + member + "}",
        "Asset \"a\": %s (expected: the name of %s in the catalog)".formatted(shown, kind));
  }

  private void assertRefused(String json, String message) {
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> documents.applyJson(json))
        .withMessage(message);
  }
}
