package dev.sluice.origin.track;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.ByteRange;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.mp4.BoxHeader;
import dev.sluice.origin.mp4.FileTypeBox;
import dev.sluice.origin.mp4.MovieBox;
import dev.sluice.origin.mp4.MovieFragmentBox;
import dev.sluice.origin.mp4.SegmentIndexBox;
import dev.sluice.origin.mp4.TrackHeader;
import dev.sluice.origin.storage.ObjectReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads an MP4 file: its tracks, and the index of each one's fragments.
 *
 * <p>It goes from box to box at top level and reads every {@code moof} once. That costs one read
 * for a fragment, as going by {@code sidx} or {@code mfra} would, and finds what these leave out.
 * {@code sidx} says which movie fragments are one fragment, {@code mfra} the times of those that do
 * not say it themselves.
 */
final class Mp4Reader {

  /** The largest {@code moov} that is read. */
  static final int MAX_MOOV_BYTES = 64 * 1024 * 1024;

  /** The largest {@code moof} that is read. */
  static final int MAX_MOOF_BYTES = 16 * 1024 * 1024;

  private static final int MAX_INDEX_BYTES = 16 * 1024 * 1024;
  private static final int MAX_SEGMENT_INDEXES = MovieBox.MAX_TRACKS;
  private static final int MAX_TOP_LEVEL_BOXES = 1 << 22;

  private final BoxScanner scanner;
  private final TrackProblems problems;
  private final boolean usesSegmentIndexes;
  private final RandomAccessIndex randomAccess;
  private final List<Subsegments> segmentIndexes = new ArrayList<>();
  private final List<Indexing> indexings = new ArrayList<>();
  private Optional<MovieBox> movie = Optional.empty();
  private long firstMoofBytes = -1;

  private Mp4Reader(ObjectReader object, TrackProblems problems, boolean usesSegmentIndexes) {
    this.usesSegmentIndexes = usesSegmentIndexes;
    this.scanner = new BoxScanner(object);
    this.randomAccess = new RandomAccessIndex(object);
    this.problems = problems;
  }

  /** A track whose index is being made. */
  private record Indexing(
      TrackHeader header,
      TrackKind kind,
      FragmentIndexBuilder index,
      Optional<Subsegments> subsegments) {}

  /**
   * Reads a file.
   *
   * @throws ContentFailure if it is malformed, encrypted or has no {@code moov}
   */
  static Mp4File read(ObjectReader object, TrackProblems problems) {
    var found = new TrackProblems();
    var reader = new Mp4Reader(object, found, true);
    Mp4File file = reader.read();
    Optional<Subsegments> wrong = reader.wrongIndex();
    if (wrong.isPresent()) {
      // Fragments joined by a wrong index are wrong. Without it each moof is one.
      found = new TrackProblems();
      found.add(
          "sidx of track %d is left out: it does not fit the file"
              .formatted(wrong.get().trackId()));
      file = new Mp4Reader(object, found, false).read();
    }
    found.all().forEach(problems::add);
    return file;
  }

  private Mp4File read() {
    long at = 0;
    for (int boxes = 0; at < scanner.sizeBytes(); boxes++) {
      if (boxes == MAX_TOP_LEVEL_BOXES) {
        throw refused("boxes: more than 2^22 (expected: fewer)", "top level");
      }
      BoxHeader box = scanner.header(at);
      if (boxes == 0) {
        requireFirst(box);
      }
      take(box);
      for (Subsegments index : segmentIndexes) {
        index.boxAt(box.offsetBytes(), box.type().equals("moof"));
      }
      at = box.endBytes();
    }
    MovieBox found = movie.orElseThrow(() -> refused("moov: none (expected: one)", "top level"));
    return new Mp4File(
        found.fragmented(),
        indexings.stream()
            .map(t -> new Mp4File.Mp4Track(t.header(), t.kind(), t.index().build()))
            .toList());
  }

  private void take(BoxHeader box) {
    switch (box.type()) {
      case "ftyp" -> FileTypeBox.read(scanner.read(box, MAX_INDEX_BYTES));
      case "moov" -> {
        if (movie.isPresent()) {
          throw refused("moov: a second one (expected: one)", place(box));
        }
        movie = Optional.of(MovieBox.read(scanner.read(box, MAX_MOOV_BYTES)));
      }
      case "sidx" -> {
        // Those between fragments index one segment each, and say nothing new.
        if (firstMoofBytes < 0 && segmentIndexes.size() < MAX_SEGMENT_INDEXES) {
          var index = SegmentIndexBox.read(scanner.read(box, MAX_INDEX_BYTES));
          segmentIndexes.add(new Subsegments(index));
        }
      }
      case "moof" -> takeFragment(box);
      default -> {}
    }
  }

  private void takeFragment(BoxHeader box) {
    MovieBox of =
        movie.orElseThrow(() -> refused("moov: none (expected: one before moof)", place(box)));
    if (!of.fragmented()) {
      throw refused("mvex: none (expected: one where a moof follows)", place(box));
    }
    if (firstMoofBytes < 0) {
      firstMoofBytes = box.offsetBytes();
      startIndexing(of);
    }
    MovieFragmentBox moof = MovieFragmentBox.read(scanner.read(box, MAX_MOOF_BYTES));
    var range = new ByteRange(box.offsetBytes(), box.sizeBytes());
    for (Indexing track : indexings) {
      int subsegment = track.subsegments().map(s -> s.of(box.offsetBytes())).orElse(-1);
      track.index().add(moof, range, subsegment, randomAccess::timeTicks);
    }
  }

  private void startIndexing(MovieBox of) {
    for (TrackHeader header : of.tracks()) {
      Optional<TrackKind> kind = kind(header.handlerType());
      if (kind.isEmpty()) {
        problems.add(
            "track %d: handler %s is left out (expected: video, audio or text)"
                .formatted(header.trackId(), header.handlerType()));
        continue;
      }
      var index = new FragmentIndexBuilder(header, kind.get(), scanner.sizeBytes(), problems);
      var subsegments =
          segmentIndexes.stream()
              .filter(s -> usesSegmentIndexes && s.trackId() == header.trackId())
              .filter(s -> s.count() > 1)
              .findFirst();
      indexings.add(new Indexing(header, kind.get(), index, subsegments));
    }
  }

  private Optional<Subsegments> wrongIndex() {
    return indexings.stream()
        .flatMap(track -> track.subsegments().stream())
        .filter(subsegments -> !subsegments.agrees())
        .findFirst();
  }

  private void requireFirst(BoxHeader box) {
    switch (box.type()) {
      case "ftyp", "styp", "moov", "free", "skip", "wide", "uuid" -> {}
      default ->
          throw refused(
              "first box: %s (expected: ftyp)".formatted(printable(box.type())), place(box));
    }
  }

  private static String printable(String type) {
    return type.chars().allMatch(c -> c >= ' ' && c <= '~') ? type : "not a box type";
  }

  /** The kind of a handler; empty for those that are not presented. */
  private static Optional<TrackKind> kind(String handlerType) {
    return switch (handlerType) {
      case "vide" -> Optional.of(TrackKind.VIDEO);
      case "soun" -> Optional.of(TrackKind.AUDIO);
      case "text", "subt", "sbtl" -> Optional.of(TrackKind.TEXT);
      default -> Optional.empty();
    };
  }

  private static String place(BoxHeader box) {
    return "top level, byte " + box.offsetBytes();
  }

  private static ContentFailure refused(String message, String place) {
    return new ContentFailure(FailureCode.MPE_INPUT_NOT_SUPPORTED, message, place);
  }
}
