package dev.sluice.origin.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.crypto.MediaCiphers;
import dev.sluice.origin.access.TokenVerifier;
import dev.sluice.origin.catalog.DocumentReader;
import dev.sluice.origin.catalog.StoredCatalog;
import dev.sluice.origin.key.MasterKey;
import dev.sluice.origin.license.KeyAnswers;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.UrlGrammar;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.track.TitleReader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OriginServiceTest {
  private static final String DOCUMENTS =
      """
      [{"kind": "Asset", "name": "a", "container": "a"},
       {"kind": "Filter", "name": "short", "presentationTimeRange": {"endTimestamp": 10}},
       {"kind": "StreamingLocator", "id": "90000000-0000-0000-0000-00000000000a", "asset": "a",
        "filters": ["short"]},
       {"kind": "StreamingLocator", "id": "90000000-0000-0000-0000-00000000000b", "asset": "a"}]
      """;

  @TempDir private Path media;
  private final StoredCatalog catalog =
      StoredCatalog.inMemory(MasterKey.taking(new byte[MasterKey.BYTES]), new SecureRandom());

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void listsAssetsOnThePlayerPageOnlyWhereToldTo() {
    catalog.apply(DocumentReader.read(DOCUMENTS.getBytes(UTF_8)));

    assertThat(text(answer("/player/assets.json", false))).isEqualTo("[]");
    assertThat(text(answer("/player/assets.json", true)))
        .contains("\"a\"", "90000000-0000-0000-0000-00000000000b");
  }

  private Answer answer(String target, boolean listsAssets) {
    var store = new FileObjectStore(media);
    var origin =
        new OriginService(
            catalog,
            store,
            new Titles(store, new TitleReader(store, 16), System::nanoTime, 1_000),
            new Fragments(1 << 20),
            MediaCiphers.best(),
            new KeyAnswers(catalog, () -> Instant.EPOCH, new TokenVerifier(), false),
            new PublicUrls(Optional.of("http://o.test"), Optional.empty()),
            () -> Instant.EPOCH,
            listsAssets,
            Caches.DEFAULT);
    var nobody = new Caller(Optional.empty(), /* secure= */ false, /* loopback= */ true);
    return origin.answer(UrlGrammar.parse(target, Bytes.copyOf()), nobody);
  }

  private static String text(Answer answer) {
    try (var body = answer.body().get()) {
      var out = ByteBuffer.allocate((int) body.lengthBytes());
      body.read(0, out);
      return new String(out.array(), UTF_8);
    }
  }
}
