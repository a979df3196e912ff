package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.storage.StoredObject;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The plans of transport stream segments, which are kept from one request to the next. */
final class TransportPlansTest {
  private static final String TITLE = "muxed";

  static Stream<Cell> cells() {
    return Cell.all().filter(Cell::isTransportStream);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void opensASegmentThatWasPlannedWithoutARead(Cell cell) {
    try (var origin = InProcessOrigin.of(CellDocuments.of(TITLE))) {
      var store = new CountingStore(new FileObjectStore(SourceTitles.root()));
      var node = origin.node(store);
      for (var rendition : node.crawl(cell, TITLE).renditions()) {
        for (var segment : rendition.segments()) {
          int before = store.reads;
          node.open(segment.url()).close();
          assertThat(store.reads).isGreaterThan(before);
          int planned = store.reads;
          node.open(segment.url()).close();
          assertThat(store.reads).isEqualTo(planned);
        }
      }
    }
  }

  /** Whatever was planned before under other keys, or for other answers. */
  @Test
  void plansOfAllKindsLeaveEachOtherAlone() {
    try (var origin = InProcessOrigin.of(CellDocuments.of(TITLE))) {
      var store = new FileObjectStore(SourceTitles.root());
      var old = origin.node(store);
      cells().forEach(cell -> CellBytes.of(cell, TITLE, old::get));
      requireAsNew(origin, old, store);
      origin.apply(withAnotherKey());
      requireAsNew(origin, old, store);
    }
  }

  /** Where escapes stand follows from what is encrypted; all else from content alone. */
  @ParameterizedTest
  @MethodSource("cells")
  void plansAgainUnderAnotherKeyWhereSamplesAreEncrypted(Cell cell) {
    try (var origin = InProcessOrigin.of(CellDocuments.of(TITLE))) {
      var store = new CountingStore(new FileObjectStore(SourceTitles.root()));
      var node = origin.node(store);
      var video =
          node.crawl(cell, TITLE).plays().stream()
              .filter(rendition -> rendition.type().equals("video"))
              .findFirst()
              .orElseThrow();
      String url = video.segments().getFirst().url();
      node.open(url).close();
      origin.apply(withAnotherKey());
      int before = store.reads;
      node.open(url).close();
      assertThat(store.reads > before).isEqualTo(cell.scheme() == Scheme.CBCS);
    }
  }

  /** The asset under another key for its samples. */
  private static Documents withAnotherKey() {
    String json =
        CellDocuments.of(TITLE)
            .json()
            .replace(CellDocuments.CBCS_KEY_ID, "8ba94ade-6eb9-449d-b44f-a5beefaf43b9")
            .replace(base64(CellDocuments.CBCS_KEY), base64("00112233445566778899aabbccddeeff"));
    return new Documents().add(json.substring(1, json.length() - 1));
  }

  private static String base64(String hex) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }

  private static void requireAsNew(
      InProcessOrigin origin, InProcessOrigin.Node old, ObjectStore store) {
    for (Cell cell : cells().toList()) {
      var expected = CellBytes.of(cell, TITLE, origin.node(store)::get);
      var found = CellBytes.of(cell, TITLE, old::get);
      assertThat(found.answers()).containsOnlyKeys(expected.answers().keySet());
      expected
          .answers()
          .forEach((url, bytes) -> assertThat(found.at(url)).as(url).isEqualTo(bytes));
    }
  }

  /** Counts the reads of all readers. */
  private static final class CountingStore implements ObjectStore {
    private final ObjectStore store;
    private int reads;

    CountingStore(ObjectStore store) {
      this.store = store;
    }

    @Override
    public Optional<StoredObject> find(String path) {
      return store.find(path);
    }

    @Override
    public List<StoredObject> list(String folder, int maxObjects) {
      return store.list(folder, maxObjects);
    }

    @Override
    public ObjectReader open(StoredObject object) {
      var reader = store.open(object);
      return new ObjectReader() {
        @Override
        public StoredObject object() {
          return object;
        }

        @Override
        public void readFully(long offsetBytes, ByteBuffer out) {
          reads++;
          reader.readFully(offsetBytes, out);
        }

        @Override
        public void close() {
          reader.close();
        }
      };
    }
  }
}
