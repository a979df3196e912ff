package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code apply} refuses: with exit code 1, a sentence, and nothing changed. */
final class RefusedDocumentsTest {
  @TempDir private static Path folder;
  private static String before = "";

  @BeforeAll
  static void apply() {
    Documents.ofKeys().asset("sidx", "sidx", "dash").applyTo(folder.resolve("data"));
    before = assets();
  }

  @AfterAll
  static void nothingHasChanged() {
    assertThat(assets()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"kind": "Asset", "name": "a", "container": "a", "colour": 1}|Asset "a": colour (unknown field; known: kind, name, container, manifest, deliveryPolicies, contentKeys, filters, accessPolicies) at documents[0]
          {"kind": "Asset", "name": "a", "name": "b", "container": "a"}|duplicate member "name" at line 1
          [{"kind": "Asset", "name": "a", "container": "a"}, {"kind": "Asset", "name": "a", "container": "b"}]|Asset "a": given twice (expected: once) at documents[0] and documents[1]
          {"kind": "Asset", "name": "a", "container": "a", "deliveryPolicies": ["none"]}|Asset "a": deliveryPolicies: none (expected: the name of an AssetDeliveryPolicy in the catalog)
          {"kind": "Asset", "name": "a", "container": "a", "contentKeys": ["44444444-aaaa-4bbb-8ccc-00000000ffff"]}|Asset "a": contentKeys: 44444444-aaaa-4bbb-8ccc-00000000ffff (expected: the name of a ContentKey in the catalog)
          {"kind": "StreamingLocator", "id": "90000000-0000-0000-0000-000000000001", "asset": "none"}|StreamingLocator "90000000-0000-0000-0000-000000000001": asset: none (expected: the name of an Asset in the catalog)
          [{"kind": "ContentKey", "id": "55555555-aaaa-4bbb-8ccc-000000000005", "type": "EnvelopeEncryption"}, {"kind": "Asset", "name": "a", "container": "a", "deliveryPolicies": ["dash"], "contentKeys": ["55555555-aaaa-4bbb-8ccc-000000000005"]}]|Asset "a": contentKeys: only of type EnvelopeEncryption (expected: one of type CommonEncryption, which delivery policy "dash" needs)
          [{"kind": "AssetDeliveryPolicy", "name": "all", "protocols": ["All"], "type": "DynamicCommonEncryption"}, {"kind": "Asset", "name": "a", "container": "a", "deliveryPolicies": ["dash", "all"]}]|Asset "a": deliveryPolicies: "dash" and "all" are both of type DynamicCommonEncryption for Dash (expected: one policy of a type for a protocol)
          [{"kind": "ContentKey", "id": "55555555-aaaa-4bbb-8ccc-000000000005", "type": "EnvelopeEncryption", "value": "AAECAwQFBgcICQoLDA0ODw=="}]|ContentKey "55555555-aaaa-4bbb-8ccc-000000000005": value: that of ContentKey "11111111-aaaa-4bbb-8ccc-000000000001" (expected: another; one value never serves EnvelopeEncryption and CommonEncryption)
          {"kind": "Asset", "name": "a", "container": "../a"}|Asset "a": container: ../a (expected: a folder below the media root, or a storage URL) at documents[0]
          {"kind": "Actor", "name": "a"}|document: kind: Actor (expected: one of Asset, ContentKey, AssetDeliveryPolicy, ContentKeyAuthorizationPolicy, StreamingLocator, Filter, AccessPolicy) at documents[0]
          """)
  void refusesDocuments(String json, String sentence) throws IOException {
    Path file = Files.writeString(Files.createTempFile(folder, "refused", ".json"), json);
    String errors = RunningServer.refused("apply", "-f", file.toString(), "--data", data());
    assertThat(errors).startsWith("sluice: ").contains(sentence);
    assertThat(errors.lines().filter(line -> line.startsWith("sluice: "))).hasSize(1);
  }

  @Test
  void namesNoSecretOfWhatItRefuses() throws IOException {
    Path file =
        Files.writeString(
            Files.createTempFile(folder, "refused", ".json"),
            """
            {"kind": "ContentKey", "id": "66666666-aaaa-4bbb-8ccc-000000000006",
             "type": "CommonEncryption", "value": "c2VjcmV0c2VjcmV0"}
            """);
    assertThat(RunningServer.refused("apply", "-f", file.toString(), "--data", data()))
        .contains("ContentKey \"66666666-aaaa-4bbb-8ccc-000000000006\": value: ")
        .contains("16 bytes")
        .doesNotContain("c2VjcmV0");
  }

  private static String data() {
    return folder.resolve("data").toString();
  }

  private static String assets() {
    return RunningServer.run("get", "Asset", "--data", data());
  }
}
