package dev.sluice.origin.e2e;

import dev.sluice.origin.media.Scheme;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads the units of a cell that is clear or encrypts samples, each beside its source's. */
final class ServedUnits {
  private final CellBytes cell;
  private final List<ClearSource.Sample> pictures;
  private final List<ClearSource.Sample> sounds;
  private final List<ServedUnit> units;

  private ServedUnits(CellBytes cell, ClearSource source, List<ServedUnit> units) {
    this.cell = cell;
    this.pictures = source.samples().stream().filter(ClearSource.Sample::video).toList();
    this.sounds = source.samples().stream().filter(s -> !s.video()).toList();
    this.units = units;
  }

  /** All units of all segments, those of single pictures last. */
  static List<ServedUnit> of(CellBytes cell, ClearSource source) {
    var units = new ArrayList<ServedUnit>();
    List<int[]> fragments = List.of();
    for (var rendition : cell.crawled().plays()) {
      var reader = new ServedUnits(cell, source, units);
      if (rendition.isVideo()) {
        fragments = reader.all(rendition);
      } else {
        reader.all(rendition);
      }
    }
    for (var rendition : cell.crawled().trickModes()) {
      new ServedUnits(cell, source, units).firsts(rendition, fragments);
    }
    return units;
  }

  /** Of each fragment its first picture and the one behind its last. */
  private List<int[]> all(Crawler.Rendition rendition) {
    var fragments = new ArrayList<int[]>();
    int pictureCount = 0;
    int soundCount = 0;
    byte[][] segments = cell.segments(rendition);
    for (byte[] segment : segments) {
      int before = pictureCount;
      if (!cell.cell().isTransportStream()) {
        int first = rendition.isVideo() ? pictureCount : soundCount;
        int count = fragment(rendition, segment, first);
        pictureCount += rendition.isVideo() ? count : 0;
        soundCount += rendition.isVideo() ? 0 : count;
      } else {
        var parsed = TransportUnits.of(segment);
        pictures(rendition, parsed, pictureCount);
        frames(rendition, parsed, soundCount);
        pictureCount += parsed.pictures().size();
        soundCount += parsed.frames().size();
      }
      fragments.add(new int[] {before, pictureCount});
    }
    requireAll(rendition, pictureCount, soundCount);
    return fragments;
  }

  private void requireAll(Crawler.Rendition rendition, int pictureCount, int soundCount) {
    boolean allPictures = pictureCount == (rendition.isVideo() ? pictures.size() : 0);
    boolean audio = !rendition.isVideo() || cell.cell().isMuxed();
    if (!allPictures || soundCount != (audio ? sounds.size() : 0)) {
      throw new AssertionError(
          "%s: %d pictures, %d sounds".formatted(rendition.type(), pictureCount, soundCount));
    }
  }

  /** Segments of single pictures. */
  private void firsts(Crawler.Rendition rendition, List<int[]> fragments) {
    byte[][] segments = cell.segments(rendition);
    for (int i = 0; i < segments.length; i++) {
      int first = fragments.get(i)[0];
      int count;
      if (cell.cell().isTransportStream()) {
        var parsed = TransportUnits.of(segments[i]);
        pictures(rendition, parsed, first);
        count = parsed.pictures().size() + parsed.frames().size();
      } else {
        count = fragment(rendition, segments[i], first);
      }
      if (count != 1) {
        throw new AssertionError("trick mode: %d samples".formatted(count));
      }
    }
  }

  private int fragment(Crawler.Rendition rendition, byte[] segment, int first) {
    var samples = FragmentSample.of(segment, cell.cell().scheme() == Scheme.CENC ? 8 : 0);
    var sources = rendition.isVideo() ? pictures : sounds;
    for (int i = 0; i < samples.size(); i++) {
      var sample = samples.get(i);
      var source = sources.get(first + i);
      String where = "%s sample %d".formatted(rendition.type(), first + i);
      if (rendition.isVideo() && cell.cell().scheme() != Scheme.CLEAR) {
        requireSlices(where, source, sample.protectedRanges());
      }
      units.add(new ServedUnit(where, source.bytes(), sample.bytes(), ranges(rendition, sample)));
    }
    return samples.size();
  }

  private List<int[]> ranges(Crawler.Rendition rendition, FragmentSample sample) {
    return switch (cell.cell().scheme()) {
      case CENC -> sample.protectedRanges().stream().flatMap(ServedUnits::pieces).toList();
      case CBCS ->
          CbcChains.ranges(
              rendition.isVideo()
                  ? CbcChains.cbcsVideo(sample.protectedRanges())
                  : CbcChains.cbcsAudio(sample.bytes().length));
      case CLEAR, CBC -> List.of();
    };
  }

  /** A range cut into blocks. */
  private static Stream<int[]> pieces(int[] range) {
    int end = range[0] + range[1];
    return IntStream.iterate(range[0], at -> at < end, at -> at + CbcChains.BLOCK_BYTES)
        .mapToObj(at -> new int[] {at, Math.min(CbcChains.BLOCK_BYTES, end - at)});
  }

  /** Every slice is protected from behind its header to its end, and nothing else is. */
  private static void requireSlices(
      String where, ClearSource.Sample source, List<int[]> protectedRanges) {
    var ranges = protectedRanges.stream().filter(r -> r[1] > 0).iterator();
    int[] range = ranges.hasNext() ? ranges.next() : new int[] {Integer.MAX_VALUE, 0};
    for (int[] nal : source.nals()) {
      int end = nal[0] + nal[1];
      boolean slice = TransportUnits.slice(new byte[] {source.bytes()[nal[0]]});
      boolean inside = range[0] < end;
      boolean headerOnly = range[0] > nal[0] && range[0] <= nal[0] + ClearSource.HEADER_BYTES;
      if (inside
          ? !slice || !headerOnly || range[0] + range[1] != end
          : slice && nal[1] >= ClearSource.HEADER_BYTES + CbcChains.BLOCK_BYTES) {
        throw new AssertionError("%s: the map of the unit at %d".formatted(where, nal[0]));
      }
      if (inside) {
        range = ranges.hasNext() ? ranges.next() : new int[] {Integer.MAX_VALUE, 0};
      }
    }
  }

  private void pictures(Crawler.Rendition rendition, TransportUnits parsed, int first) {
    for (int i = 0; i < parsed.pictures().size(); i++) {
      var source = pictures.get(first + i);
      var expected =
          source.nals().stream()
              .map(n -> Arrays.copyOfRange(source.bytes(), n[0], n[0] + n[1]))
              .filter(TransportUnits::slice)
              .toList();
      var slices = parsed.pictures().get(i);
      String where = "%s picture %d".formatted(rendition.type(), first + i);
      if (slices.size() != expected.size()) {
        throw new AssertionError(where + ": slices");
      }
      for (int k = 0; k < slices.size(); k++) {
        byte[] served = encrypts() ? TransportUnits.encryptedSlice(slices.get(k)) : slices.get(k);
        var ranges =
            encrypts()
                ? CbcChains.ranges(CbcChains.sampleAesSlice(served.length))
                : List.<int[]>of();
        units.add(new ServedUnit(where + " slice " + k, expected.get(k), served, ranges));
      }
    }
  }

  private void frames(Crawler.Rendition rendition, TransportUnits parsed, int first) {
    for (int i = 0; i < parsed.frames().size(); i++) {
      byte[] served = parsed.frames().get(i);
      var ranges =
          encrypts() ? CbcChains.ranges(CbcChains.sampleAesFrame(served.length)) : List.<int[]>of();
      String where = "%s frame %d".formatted(rendition.type(), first + i);
      units.add(new ServedUnit(where, sounds.get(first + i).bytes(), served, ranges));
    }
  }

  private boolean encrypts() {
    return cell.cell().scheme() == Scheme.CBCS;
  }
}
