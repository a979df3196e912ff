package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.failure.StoreFailure;
import dev.sluice.origin.media.Body;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A body gives right bytes or none: read in any order, and when the store fails. */
final class CellBodyTest {
  private static final int FAILURES = 12;
  private static final ClearSource SOURCE = ClearSource.of("small");
  private static final CellLeaks LEAKS = new CellLeaks(SOURCE);

  static Stream<Cell> cells() {
    return Cell.all();
  }

  static Stream<Cell> protectedCells() {
    return Cell.allProtected();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void oneBodyGivesRangesInAnyOrder(Cell cell) {
    var random = new Random(5);
    try (var origin = InProcessOrigin.of(CellDocuments.of("small"))) {
      var node = origin.node(store());
      for (String url : segments(node, cell)) {
        byte[] whole = node.get(url);
        try (var body = node.open(url)) {
          for (int i = 0; i < 30; i++) {
            int from = random.nextInt(whole.length);
            int length = random.nextInt(Math.min(i % 2 == 0 ? 40 : 8000, whole.length - from) + 1);
            assertThat(read(body, from, length))
                .as("%s, %d+%d", url, from, length)
                .isEqualTo(Arrays.copyOfRange(whole, from, from + length));
          }
        }
      }
    }
  }

  /** What it has put into the buffer by then goes to the client, or stays in a pool. */
  @ParameterizedTest
  @MethodSource("protectedCells")
  void aReadThatFailsMidwayLeavesNoClearBytesAndCanBeTriedAgain(Cell cell) {
    int failed = 0;
    try (var origin = InProcessOrigin.of(CellDocuments.of("small"))) {
      var served = CellBytes.of(cell, "small", origin.node(store())::get);
      var units = cell.isEnvelope() ? List.<ServedUnit>of() : ServedUnits.of(served, SOURCE);
      var scanner = LEAKS.scanner(cell, units);
      var store = store();
      var node = origin.node(store);
      for (String url : segments(node, cell)) {
        byte[] whole = served.at(url);
        for (int part = 0; part < FAILURES; part++) {
          try (var body = node.open(url)) {
            store.failAfter((long) whole.length * part / FAILURES);
            failed += failedSafely(body, whole, scanner) ? 1 : 0;
            store.failAfter(Long.MAX_VALUE);
            assertThat(read(body, 0, whole.length)).as("%s, again", url).isEqualTo(whole);
          }
        }
      }
      assertThat(store.openReaders()).isZero();
    }
    assertThat(failed).isGreaterThanOrEqualTo(FAILURES / 2);
  }

  /** Whether the read failed, with nothing in its buffer but what belongs there. */
  private static boolean failedSafely(Body body, byte[] whole, ClearScanner scanner) {
    var out = ByteBuffer.allocate(whole.length);
    try {
      body.read(0, out);
      assertThat(out.array()).isEqualTo(whole);
      return false;
    } catch (StoreFailure _) {
      assertThat(scanner.leakIn(out.array())).isEmpty();
      int written = out.position();
      assertThat(Arrays.copyOf(out.array(), written)).isEqualTo(Arrays.copyOf(whole, written));
      return true;
    }
  }

  private static byte[] read(Body body, int from, int length) {
    var out = ByteBuffer.allocate(length);
    body.read(from, out);
    assertThat(out.hasRemaining()).isFalse();
    return out.array();
  }

  private static List<String> segments(InProcessOrigin.Node node, Cell cell) {
    var urls = new ArrayList<String>();
    node.crawl(cell, "small")
        .renditions()
        .forEach(r -> r.segments().forEach(s -> urls.add(s.url())));
    return urls;
  }

  private static MemoryStore store() {
    return new MemoryStore()
        .with("small/small.mp4", TestMedia.read(TestMedia.files("small").getFirst()));
  }
}
