package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.storage.FileObjectStore;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests by cell are worth what the crawler finds. */
final class CrawlerTest {
  private static final InProcessOrigin ORIGIN = InProcessOrigin.of(CellDocuments.of("muxed"));
  private static final InProcessOrigin.Node NODE =
      ORIGIN.node(new FileObjectStore(TestMedia.root()));

  @AfterAll
  static void close() {
    ORIGIN.close();
  }

  static Stream<Cell> cells() {
    return Cell.all();
  }

  @Test
  void thereIsEveryCell() {
    assertThat(Cell.all()).hasSize(3 * 4 + 2 * 3 + 2 * 5).doesNotHaveDuplicates();
    assertThat(Cell.allProtected()).hasSize(28 - 7);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void findsAllOfACell(Cell cell) {
    var crawled = NODE.crawl(cell, "muxed");
    int streams = cell.isMuxed() ? 1 : 2;
    assertThat(crawled.plays()).hasSize(streams);
    assertThat(crawled.trickModes()).hasSize(cell.hasTrickModes() ? 1 : 0);
    assertThat(crawled.manifests())
        .hasSize(cell.isHls() ? 1 + crawled.renditions().size() : 1)
        .allSatisfy((path, _) -> assertThat(path).contains("encryption=" + cell.encryption()));
    for (var rendition : crawled.renditions()) {
      assertThat(rendition.segments()).hasSize(2);
      assertThat(rendition.init().isPresent()).isEqualTo(cell.hasInit());
      assertThat(rendition.segments().stream().mapToDouble(Crawler.Link::seconds).sum())
          .isBetween(3.9, 4.1);
      for (String url : rendition.urls()) {
        assertThat(url).contains("encryption=" + cell.encryption());
        assertThat(NODE.get(url)).isNotEmpty();
      }
    }
    assertThat(crawled.media())
        .hasSize(2 * crawled.renditions().size() + (cell.hasInit() ? streams : 0));
    assertThat(crawled.iv().isPresent())
        .isEqualTo(cell.isEnvelope() || (cell.isHls() && cell.encryption().equals("cbcs")));
  }
}
