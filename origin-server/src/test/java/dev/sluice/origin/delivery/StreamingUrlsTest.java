package dev.sluice.origin.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.catalog.DocumentReader;
import dev.sluice.origin.catalog.StoredCatalog;
import dev.sluice.origin.delivery.StreamingUrls.StreamingUrl;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.key.MasterKey;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.policy.DeliveryDecision;
import dev.sluice.origin.policy.DeliveryPolicies;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.route.StreamTags;
import dev.sluice.origin.route.UrlGrammar;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.track.TitleReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StreamingUrlsTest {
  private static final Path DEMO = Path.of("src/main/resources/dev/sluice/origin/demo");
  private static final String POLICIES =
      """
      {"kind": "AssetDeliveryPolicy", "name": "clear", "protocols": ["All"],
       "type": "NoDynamicEncryption"},
      {"kind": "AssetDeliveryPolicy", "name": "cenc", "protocols": ["All"],
       "type": "DynamicCommonEncryption"},
      {"kind": "AssetDeliveryPolicy", "name": "cbcs", "protocols": ["HLS"],
       "type": "DynamicCommonEncryptionCbcs"},
      {"kind": "AssetDeliveryPolicy", "name": "cbc", "protocols": ["HLS", "Dash"],
       "type": "DynamicEnvelopeEncryption"},
      {"kind": "AssetDeliveryPolicy", "name": "no-smooth", "protocols": ["SmoothStreaming"],
       "type": "Blocked"},
      {"kind": "ContentKey", "id": "60000000-0000-4000-8000-000000000001",
       "type": "CommonEncryption"},
      {"kind": "ContentKey", "id": "60000000-0000-4000-8000-000000000002",
       "type": "CommonEncryptionCbcs"},
      {"kind": "ContentKey", "id": "60000000-0000-4000-8000-000000000003",
       "type": "EnvelopeEncryption"},
      {"kind": "Filter", "name": "short", "presentationTimeRange": {"endTimestamp": 10}},
      """;

  @TempDir private Path media;
  private final StoredCatalog catalog =
      StoredCatalog.inMemory(MasterKey.taking(new byte[MasterKey.BYTES]), new SecureRandom());

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void listsEveryFormatInTheClear() {
    assertThat(urls(""))
        .containsExactly(
            "DASH clear /a/a.ism/manifest(format=mpd-time-csf)",
            "DASH clear /a/a.ism/manifest(format=mpd-time-cmaf)",
            "HLS clear /a/a.ism/manifest(format=m3u8-cmaf)",
            "HLS clear /a/a.ism/manifest(format=m3u8-aapl)",
            "HLS clear /a/a.ism/manifest(format=m3u8-aapl-v3)",
            "Smooth clear /a/a.ism/manifest",
            "Smooth clear /a/a.ism/manifest(format=fmp4-v20)");
  }

  @Test
  void listsCommonEncryptionWhereTheFormatHasAFormOfIt() {
    assertThat(urls("\"cenc\""))
        .containsExactly(
            "DASH cenc /a/a.ism/manifest(format=mpd-time-csf,encryption=cenc)",
            "DASH cenc /a/a.ism/manifest(format=mpd-time-cmaf,encryption=cenc)",
            "HLS cenc /a/a.ism/manifest(format=m3u8-cmaf,encryption=cenc)",
            "Smooth cenc /a/a.ism/manifest(encryption=cenc)",
            "Smooth piff /a/a.ism/manifest(encryption=piff)",
            "Smooth cenc /a/a.ism/manifest(format=fmp4-v20,encryption=cenc)",
            "Smooth piff /a/a.ism/manifest(format=fmp4-v20,encryption=piff)");
  }

  @Test
  void listsEachSchemeOfEachProtocol() {
    assertThat(urls("\"cbcs\", \"cbc\", \"no-smooth\""))
        .containsExactly(
            "DASH cbc /a/a.ism/manifest(format=mpd-time-csf,encryption=cbc)",
            "DASH cbc /a/a.ism/manifest(format=mpd-time-cmaf,encryption=cbc)",
            "HLS cbcs /a/a.ism/manifest(format=m3u8-cmaf,encryption=cbcs)",
            "HLS cbc /a/a.ism/manifest(format=m3u8-cmaf,encryption=cbc)",
            "HLS cbcs /a/a.ism/manifest(format=m3u8-aapl,encryption=cbcs)",
            "HLS cbc /a/a.ism/manifest(format=m3u8-aapl,encryption=cbc)",
            "HLS cbcs /a/a.ism/manifest(format=m3u8-aapl-v3,encryption=cbcs)",
            "HLS cbc /a/a.ism/manifest(format=m3u8-aapl-v3,encryption=cbc)");
  }

  @Test
  void saysThatItAsksForClearWhereOtherSchemesAreAllowed() throws IOException {
    unpack();
    assertThat(urls("\"clear\", \"cenc\""))
        .contains(
            "DASH clear /a/a.ism/manifest(format=mpd-time-csf,encryption=none)",
            "HLS clear /a/a.ism/manifest(format=m3u8-aapl,encryption=none)",
            "Smooth clear /a/a.ism/manifest(encryption=none)",
            "Download clear /a/video_240.mp4")
        .hasSize(2 * 2 + 2 + 2 + 2 * 3 + 1);
  }

  /** What the grammar reads of each URL is what the policies decide for it. */
  @Test
  void listsWhatTheDecisionAllows() throws IOException {
    unpack();
    for (String policies :
        List.of("", "\"clear\", \"cenc\"", "\"cbcs\", \"cbc\", \"cenc\"", "\"clear\", \"cbc\"")) {
      apply(policies, "");
      for (StreamingUrl url : streamingUrls(catalog).of("a")) {
        switch (UrlGrammar.parse(url.url(), Bytes.copyOf())) {
          case OriginRequest.Manifest request -> {
            var asked = request.tags().encryption().map(StreamTags.Encryption::scheme);
            var decision =
                DeliveryPolicies.decide(
                    catalog,
                    catalog.findAsset("a").orElseThrow(),
                    request.tags().format().protocol(),
                    asked);
            assertThat(decision instanceof DeliveryDecision.Clear)
                .isEqualTo(url.scheme().equals("clear"));
            assertThat(asked.orElse(Scheme.CLEAR) == Scheme.CLEAR)
                .isEqualTo(url.scheme().equals("clear"));
            assertThat(request.tags().format().value()).isEqualTo(url.format());
          }
          case OriginRequest.Download request ->
              assertThat(request.file()).isEqualTo("video_240.mp4");
          default -> throw new AssertionError(url);
        }
      }
    }
  }

  @Test
  void listsEachLocatorAndNoFileThatAFilterCuts() throws IOException {
    unpack();
    apply(
        "\"clear\"",
        """
        , {"kind": "StreamingLocator", "id": "90000000-0000-0000-0000-00000000000a", "asset": "a"}
        , {"kind": "StreamingLocator", "id": "90000000-0000-0000-0000-00000000000b", "asset": "a",
           "filters": ["short"]}
        """);
    assertThat(lines())
        .contains(
            "DASH clear /90000000-0000-0000-0000-00000000000a/a.ism/manifest(format=mpd-time-csf)",
            "DASH clear /90000000-0000-0000-0000-00000000000b/a.ism/manifest(format=mpd-time-csf)",
            "Download clear /90000000-0000-0000-0000-00000000000a/video_240.mp4")
        .hasSize(15);
  }

  @Test
  void encodesNames() {
    catalog.apply(
        DocumentReader.read(
            """
            {"kind": "Asset", "name": "a", "container": "a", "manifest": "Linear Algebra.ism"}
            """
                .getBytes(UTF_8)));
    assertThat(lines()).contains("Smooth clear /a/Linear%20Algebra.ism/manifest");
  }

  @Test
  void refusesAnAssetThatIsNotThere() {
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> streamingUrls(catalog).of("b"))
        .withMessage("there is no such asset");
  }

  private List<String> urls(String policies) {
    apply(policies, "");
    return lines();
  }

  private List<String> lines() {
    return streamingUrls(catalog).of("a").stream()
        .map(url -> "%s %s %s".formatted(url.protocol(), url.scheme(), url.url()))
        .toList();
  }

  private void apply(String policies, String more) {
    String json =
        """
        [%s
         {"kind": "Asset", "name": "a", "container": "a", "deliveryPolicies": [%s],
          "contentKeys": ["60000000-0000-4000-8000-000000000001",
            "60000000-0000-4000-8000-000000000002", "60000000-0000-4000-8000-000000000003"]}%s]
        """
            .formatted(POLICIES, policies, more);
    catalog.apply(DocumentReader.read(json.getBytes(UTF_8)));
  }

  private StreamingUrls streamingUrls(Catalog of) {
    var store = new FileObjectStore(media);
    return new StreamingUrls(
        of, new Titles(store, new TitleReader(store, 16), System::nanoTime, 1_000));
  }

  private void unpack() throws IOException {
    Path folder = Files.createDirectories(media.resolve("a"));
    Files.copy(DEMO.resolve("video_240.mp4"), folder.resolve("video_240.mp4"));
  }
}
