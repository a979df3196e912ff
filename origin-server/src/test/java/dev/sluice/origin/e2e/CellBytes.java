package dev.sluice.origin.e2e;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A cell of an asset with all its bytes.
 *
 * @param answers the body of each URL, manifests included
 */
record CellBytes(Crawler.Crawled crawled, Map<String, byte[]> answers) {

  static CellBytes of(Cell cell, String asset, Function<String, byte[]> get) {
    var crawled = Crawler.crawl(cell, asset, get);
    var answers = new LinkedHashMap<String, byte[]>();
    crawled.urls().forEach(url -> answers.put(url, get.apply(url)));
    return new CellBytes(crawled, answers);
  }

  Cell cell() {
    return crawled.cell();
  }

  byte[] at(String url) {
    byte[] bytes = answers.get(url);
    if (bytes == null) {
      throw new AssertionError(url);
    }
    return bytes;
  }

  byte[][] segments(Crawler.Rendition rendition) {
    return rendition.segments().stream().map(s -> at(s.url())).toArray(byte[][]::new);
  }

  /** The same with another answer at this URL. */
  CellBytes with(String url, byte[] bytes) {
    var changed = new LinkedHashMap<>(answers);
    changed.put(url, bytes);
    return new CellBytes(crawled, changed);
  }

  /** The URL of a media segment of the first rendition of this type. */
  String segmentUrl(String type, int number) {
    return renditions(type).getFirst().segments().get(number).url();
  }

  List<Crawler.Rendition> renditions(String type) {
    return crawled.plays().stream().filter(r -> r.type().equals(type)).toList();
  }
}
