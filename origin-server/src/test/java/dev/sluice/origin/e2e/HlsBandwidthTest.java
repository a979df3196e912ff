package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.storage.FileObjectStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The rates that multivariant playlists state, against those of the bytes that are served.
 *
 * <p>Spec: RFC 8216bis 4.4.6.2: peak and average segment bit rate, the worst playable combination
 * of renditions; a tenth at most too much, as Apple's authoring specification has it.
 */
final class HlsBandwidthTest {
  private static final double TOLERANCE = 0.1;
  private static final Pattern TARGET = Pattern.compile("#EXT-X-TARGETDURATION:(\\d+)");

  /** Of these sizes and durations. */
  private record Rates(double peak, double average) {

    Rates plus(Rates other) {
      return new Rates(peak + other.peak, average + other.average);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyRateIsThatOfTheBytes() {
    var own = tests(TestMedia.root(), "slices", "show", "muxed");
    var ladders = tests(SourceTitles.root(), "sidx", "ismv");
    var shared =
        Optional.ofNullable(System.getenv("SLUICE_SHARED_MEDIA")).stream()
            .flatMap(folder -> tests(Path.of(folder), "ladder", "muxed", "ismv", "ondemand"));
    return Stream.of(own, ladders, shared).flatMap(tests -> tests);
  }

  private static Stream<DynamicTest> tests(Path root, String... titles) {
    return Stream.of(titles)
        .flatMap(title ->
            Cell.all()
                .filter(Cell::isHls)
                .map(cell ->
                    DynamicTest.dynamicTest(
                        root.getFileName() + "/" + title + " " + cell,
                        () -> requireRates(root, title, cell))));
  }

  private static void requireRates(Path root, String title, Cell cell) {
    try (var origin = InProcessOrigin.of(CellDocuments.of(title))) {
      var node = origin.node(new FileObjectStore(root));
      var served = CellBytes.of(cell, title, node::get);
      Optional<Rates> audio =
          served.renditions("audio").stream()
              .map(rendition -> rates(served, rendition))
              .reduce((a, b) ->
                  new Rates(Math.max(a.peak(), b.peak()), Math.max(a.average(), b.average())));
      assertThat(audio.isPresent()).isNotEqualTo(cell.isMuxed());
      for (var variant : served.renditions("video")) {
        var video = rates(served, variant);
        var all = audio.map(video::plus).orElse(video);
        requirePeak("BANDWIDTH", variant.bandwidth(), all);
        assertThat((double) variant.averageBandwidth())
            .as("AVERAGE-BANDWIDTH")
            .isBetween(all.average() * (1 - TOLERANCE), all.average() * (1 + TOLERANCE));
      }
      for (var variant : served.crawled().trickModes()) {
        requirePeak("BANDWIDTH of I-frames", variant.bandwidth(), rates(served, variant));
      }
    }
  }

  private static void requirePeak(String name, long declared, Rates measured) {
    assertThat((double) declared)
        .as(name)
        .isBetween(measured.peak() - 1, measured.peak() * (1 + TOLERANCE));
  }

  /** The peak is the largest of any segments in a row of 0.5 to 1.5 times the target duration. */
  private static Rates rates(CellBytes served, Crawler.Rendition rendition) {
    List<Crawler.Link> segments = rendition.segments();
    double target = target(served);
    double peak = 0;
    double totalBits = 0;
    double totalSeconds = 0;
    for (int first = 0; first < segments.size(); first++) {
      double bits = 0;
      double seconds = 0;
      for (var segment : segments.subList(first, segments.size())) {
        bits += 8.0 * served.at(segment.url()).length;
        seconds += segment.seconds();
        if (seconds >= 0.5 * target && seconds <= 1.5 * target) {
          peak = Math.max(peak, bits / seconds);
        }
      }
      totalBits += 8.0 * served.at(segments.get(first).url()).length;
      totalSeconds += segments.get(first).seconds();
    }
    assertThat(peak).as("a row of segments that has a peak").isPositive();
    return new Rates(peak, totalBits / totalSeconds);
  }

  private static double target(CellBytes served) {
    return served.crawled().manifests().values().stream()
        .map(TARGET::matcher)
        .filter(java.util.regex.Matcher::find)
        .mapToDouble(matcher -> Double.parseDouble(matcher.group(1)))
        .findFirst()
        .orElseThrow();
  }
}
