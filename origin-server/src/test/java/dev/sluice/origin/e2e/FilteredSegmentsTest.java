package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.crypto.MediaCiphers;
import dev.sluice.origin.access.TokenVerifier;
import dev.sluice.origin.catalog.DocumentReader;
import dev.sluice.origin.catalog.StoredCatalog;
import dev.sluice.origin.delivery.Fragments;
import dev.sluice.origin.delivery.OriginService;
import dev.sluice.origin.delivery.PublicUrls;
import dev.sluice.origin.delivery.Titles;
import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.key.MasterKey;
import dev.sluice.origin.license.KeyAnswers;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.UrlGrammar;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.track.TitleReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a filter leaves of a title is the same as without it, and so is everything else. */
final class FilteredSegmentsTest {
  private static final String DOCUMENTS =
      """
      [{"kind": "Asset", "name": "muxed", "container": "muxed"},
       {"kind": "Filter", "name": "tail", "presentationTimeRange": {"startTimestamp": 30000000}},
       {"kind": "Filter", "name": "silent", "tracks": [
         {"trackSelections": [{"property": "Type", "operation": "Equal", "value": "Video"}]}]}]
      """;
  private static final String TWO_KEYS =
      """
      [{"kind": "ContentKey", "id": "8ba94ade-6eb9-449d-b44f-a5beefaf43b0",
        "type": "CommonEncryption", "tracks": [{"type": "video"}]},
       {"kind": "ContentKey", "id": "8ba94ade-6eb9-449d-b44f-a5beefaf43b1",
        "type": "CommonEncryption", "tracks": [{"type": "audio"}]},
       {"kind": "AssetDeliveryPolicy", "name": "smooth", "protocols": ["SmoothStreaming"],
        "type": "DynamicCommonEncryption", "configuration": {}},
       {"kind": "Asset", "name": "muxed", "container": "muxed", "deliveryPolicies": ["smooth"],
        "contentKeys": ["8ba94ade-6eb9-449d-b44f-a5beefaf43b0",
                        "8ba94ade-6eb9-449d-b44f-a5beefaf43b1"]}]
      """;
  private static final String MUXED = "format=m3u8-aapl-v3";
  private static final Pattern PLAYLIST = Pattern.compile("(?m)^(QualityLevels.*/)(Manifest.*)$");
  private static final Pattern SEGMENT = Pattern.compile("(?m)^Fragments.*$");

  private final StoredCatalog catalog =
      StoredCatalog.inMemory(MasterKey.taking(new byte[MasterKey.BYTES]), new SecureRandom());

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void videoWithoutItsAudioIsWhatThePlaylistSays() {
    catalog.apply(DocumentReader.read(DOCUMENTS.getBytes(StandardCharsets.UTF_8)));
    var node = node();

    String silent = lastSegment(node, ",filter=silent");

    String alone = silent.replaceFirst(MUXED + "[^)]*", "format=m3u8-aapl");
    assertThat(bytes(answer(node, silent))).isEqualTo(bytes(answer(node, alone)));
  }

  @Test
  void smoothFragmentsOfOneKeyAreServedWhereAFilterLeavesOne() {
    catalog.apply(DocumentReader.read(DOCUMENTS.getBytes(StandardCharsets.UTF_8)));
    catalog.apply(DocumentReader.read(TWO_KEYS.getBytes(StandardCharsets.UTF_8)));
    var node = node();

    var url =
        Pattern.compile("Url=\"([^\"]*)\".*\\R?.*Bitrate=\"([0-9]+)\"")
            .matcher(text(answer(node, "manifest(filter=silent)")));

    assertThat(url.find()).isTrue();
    String fragment = url.group(1).replace("{bitrate}", url.group(2)).replace("{start time}", "0");
    assertThat(answer(node, fragment).status()).isEqualTo(200);
    assertThatThrownBy(() -> answer(node, "manifest"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("one key for all tracks");
  }

  @Test
  void muxedSegmentsHaveTheirAudioWhateverTheFilterCutOff() {
    catalog.apply(DocumentReader.read(DOCUMENTS.getBytes(StandardCharsets.UTF_8)));
    var untouched = node();
    String last = lastSegment(untouched, "");
    String filtered = last.replace(MUXED, MUXED + ",filter=tail");
    assertThat(lastSegment(node(), ",filter=tail")).isEqualTo(filtered);

    var node = node();
    var answer = answer(node, filtered);

    assertThat(bytes(answer)).isEqualTo(bytes(answer(untouched, last)));
    assertThat(answer.etag()).isEqualTo(answer(untouched, last).etag());
    // What was read for a filter is not taken for something else later.
    String audio = "Manifest(audio,format=m3u8-cmaf)";
    String folder = folder(node, "audio");
    var segments = SEGMENT.matcher(text(answer(node, folder + audio)));
    assertThat(segments.results())
        .hasSizeGreaterThan(2)
        .allSatisfy(segment ->
            assertThat(bytes(answer(node, folder + segment.group())))
                .isEqualTo(bytes(answer(untouched, folder + segment.group()))));
  }

  /** The last segment of the first variant. */
  private static String lastSegment(OriginService node, String more) {
    var variant =
        PLAYLIST
            .matcher(text(answer(node, "manifest(" + MUXED + more + ")")))
            .results()
            .findFirst();
    String folder = variant.orElseThrow().group(1);
    String playlist = text(answer(node, folder + variant.get().group(2)));
    return folder
        + SEGMENT.matcher(playlist).results().reduce((_, next) -> next).orElseThrow().group();
  }

  /** The folder of a track's only rendition. */
  private static String folder(OriginService node, String track) {
    return Pattern.compile("QualityLevels\\([0-9]+\\)/(?=Manifest\\(%s,)".formatted(track))
        .matcher(text(answer(node, "manifest(format=m3u8-cmaf)")))
        .results()
        .findFirst()
        .orElseThrow()
        .group();
  }

  private OriginService node() {
    var store = new FileObjectStore(SourceTitles.root());
    return new OriginService(
        catalog,
        store,
        new Titles(store, new TitleReader(store, 64), System::nanoTime, 100_000),
        new Fragments(1 << 20),
        MediaCiphers.best(),
        new KeyAnswers(catalog, () -> Instant.EPOCH, new TokenVerifier(), false),
        new PublicUrls(Optional.of("http://o.test"), Optional.empty()),
        () -> Instant.EPOCH);
  }

  private static Answer answer(OriginService node, String relative) {
    var nobody = new Caller(Optional.empty(), /* secure= */ false, /* loopback= */ true);
    return node.answer(UrlGrammar.parse("/muxed/muxed.ism/" + relative, Bytes.copyOf()), nobody);
  }

  private static String text(Answer answer) {
    return new String(bytes(answer), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(Answer answer) {
    try (var body = answer.body().get()) {
      var out = ByteBuffer.allocate(Math.toIntExact(body.lengthBytes()));
      body.read(0, out);
      return out.array();
    }
  }
}
