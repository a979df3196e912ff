package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.storage.StoredObject;
import java.nio.ByteBuffer;
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
      origin.apply(CellDocuments.withOtherKeys(TITLE));
      requireAsNew(origin, old, store);
    }
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
