package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.origin.catalog.Kind;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.storage.FileObjectStore;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that get another value between an answer's entity tag and its bytes. */
final class KeyChangeInFlightTest {
  private static final String TITLE = "muxed";

  static Stream<Cell> cells() {
    return Cell.allProtected();
  }

  /** The tag of one key never goes out with bytes under the other, and nothing of it is kept. */
  @ParameterizedTest
  @MethodSource("cells")
  void neverGivesBytesOfOneKeyTheTagOfAnother(Cell cell) {
    try (var origin = InProcessOrigin.of(CellDocuments.of(TITLE))) {
      var store = new FileObjectStore(SourceTitles.root());
      var node = origin.node(store);
      String url = node.crawl(cell, TITLE).renditions().getFirst().segments().getFirst().url();
      byte[] ofOldKey = node.get(url);
      var fresh = origin.node(store);
      var begun = fresh.answer(url);

      changeKeys(origin, CellDocuments.withOtherKeys(TITLE));

      assertThatThrownBy(() -> begun.body().get().close())
          .isInstanceOfSatisfying(
              ServerFailure.class,
              failure -> assertThat(failure.code()).isEqualTo(FailureCode.OVERLOADED));
      assertThat(fresh.answer(url).etag()).isNotEqualTo(begun.etag());
      assertThat(fresh.get(url)).isNotEqualTo(ofOldKey);

      changeKeys(origin, CellDocuments.of(TITLE));
      assertThat(fresh.answer(url).etag()).isEqualTo(begun.etag());
      assertThat(fresh.get(url)).isEqualTo(ofOldKey);
    }
  }

  /** A change that the answer does not depend on cuts nothing off. */
  @ParameterizedTest
  @MethodSource("cells")
  void goesOnWhereOtherDocumentsChange(Cell cell) {
    try (var origin = InProcessOrigin.of(CellDocuments.of(TITLE))) {
      var node = origin.node(new FileObjectStore(SourceTitles.root()));
      String url = node.crawl(cell, TITLE).renditions().getFirst().segments().getFirst().url();
      var begun = node.answer(url);
      origin.apply(
          new Documents().add("{\"kind\": \"Asset\", \"name\": \"o\", \"container\": \"o\"}"));
      begun.body().get().close();
    }
  }

  /** A key's value can only change where nothing names the key. */
  private static void changeKeys(InProcessOrigin origin, Documents documents) {
    origin.apply(
        new Documents()
            .add(
                "{\"kind\": \"Asset\", \"name\": \"%1$s\", \"container\": \"%1$s\"}"
                    .formatted(TITLE)));
    for (String id :
        List.of(CellDocuments.CENC_KEY_ID, CellDocuments.CBCS_KEY_ID, CellDocuments.CBC_KEY_ID)) {
      origin.delete(Kind.CONTENT_KEY, id);
    }
    origin.apply(documents);
  }
}
