package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.storage.FileObjectStore;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No answer of a protected cell shows what its scheme hides, and what it does not is untouched. */
final class CellLeakTest {
  private static final List<String> TITLES = List.of("slices", "show");
  private static final InProcessOrigin ORIGIN =
      InProcessOrigin.of(CellDocuments.of(TITLES.toArray(String[]::new)));
  private static final InProcessOrigin.Node NODE =
      ORIGIN.node(new FileObjectStore(TestMedia.root()));
  private static final Map<String, ClearSource> SOURCES = new HashMap<>();
  private static final Map<String, CellLeaks> LEAKS = new HashMap<>();

  @AfterAll
  static void close() {
    ORIGIN.close();
  }

  static Stream<Cell> protectedCells() {
    return Cell.allProtected();
  }

  static Stream<Cell> clearCells() {
    return Cell.all(Scheme.CLEAR);
  }

  @ParameterizedTest
  @MethodSource("protectedCells")
  void nothingLeaks(Cell cell) {
    for (String title : TITLES) {
      assertThat(leaks(title).find(serve(cell, title), serve(cell.clear(), title))).isEmpty();
    }
  }

  /** So that the units that are compared are those of the source, and all of them. */
  @ParameterizedTest
  @MethodSource("clearCells")
  void aClearCellIsTheSource(Cell cell) {
    for (String title : TITLES) {
      var units = ServedUnits.of(serve(cell, title), source(title));
      assertThat(units).hasSizeGreaterThan(200);
      assertThat(units).allSatisfy(unit -> assertThat(unit.fault()).isEmpty());
    }
  }

  /** A segment in the clear in the place of a protected one. */
  @ParameterizedTest
  @MethodSource("protectedCells")
  void aClearSegmentIsFound(Cell cell) {
    var served = serve(cell, "show");
    var clear = serve(cell.clear(), "show");
    int last = served.crawled().renditions().size() - 1;
    for (int r : new int[] {0, last}) {
      String url = served.crawled().renditions().get(r).segments().getLast().url();
      String clearUrl = clear.crawled().renditions().get(r).segments().getLast().url();
      var changed = served.with(url, clear.at(clearUrl));
      assertThat(leaks("show").find(changed, clear)).as(url).isNotEmpty();
    }
  }

  /** As few bytes as the scheme hides in one piece, in a manifest, an init segment or a sample. */
  @ParameterizedTest
  @MethodSource("protectedCells")
  void aLeakOfTheSmallestSizeIsFoundAnywhere(Cell cell) {
    var served = serve(cell, "show");
    var units = cell.isEnvelope() ? List.<ServedUnit>of() : ServedUnits.of(served, source("show"));
    var scanner = leaks("show").scanner(cell, units);
    byte[] secret = secret(cell, units);
    for (byte[] body : served.answers().values()) {
      byte[] answer = body.clone();
      int at = answer.length / 2;
      System.arraycopy(secret, 0, answer, at, secret.length);
      assertThat(scanner.leakIn(answer)).isPresent();
      answer[at + secret.length / 2] ^= 1;
      assertThat(scanner.leakIn(answer)).isEmpty();
    }
  }

  private static byte[] secret(Cell cell, List<ServedUnit> units) {
    return switch (cell.scheme()) {
      case CENC, CBC -> Arrays.copyOf(source("show").secrets(ClearSource.HEADER_BYTES).get(9), 32);
      case CBCS -> units.get(9).secrets().getFirst();
      case CLEAR -> throw new AssertionError();
    };
  }

  /** A single block that is left as it was, or one that is changed though it should not be. */
  @ParameterizedTest
  @MethodSource("protectedCells")
  void aBlockThatIsNotAsItShouldBeIsFound(Cell cell) {
    if (cell.isEnvelope()) {
      return;
    }
    var units = ServedUnits.of(serve(cell, "show"), source("show"));
    var unit = units.stream().filter(u -> u.encrypted().size() > 5).toList().getLast();
    assertThat(unit.fault()).isEmpty();
    for (int[] range : unit.encrypted().subList(0, 5)) {
      byte[] leaking = unit.served().clone();
      System.arraycopy(unit.source(), range[0], leaking, range[0], range[1]);
      assertThat(with(unit, leaking).fault())
          .hasValueSatisfying(f -> assertThat(f).contains("not encrypted"));
    }
    int clear = unit.encrypted().getFirst()[0] - 1;
    if (clear >= 0) {
      byte[] changed = unit.served().clone();
      changed[clear] ^= 1;
      assertThat(with(unit, changed).fault()).isPresent();
    }
  }

  private static ServedUnit with(ServedUnit unit, byte[] served) {
    return new ServedUnit(unit.where(), unit.source(), served, unit.encrypted());
  }

  private static CellBytes serve(Cell cell, String title) {
    return CellBytes.of(cell, title, NODE::get);
  }

  private static ClearSource source(String title) {
    return SOURCES.computeIfAbsent(title, ClearSource::of);
  }

  private static CellLeaks leaks(String title) {
    return LEAKS.computeIfAbsent(title, t -> new CellLeaks(source(t)));
  }
}
