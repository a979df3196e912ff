package dev.sluice.origin.e2e;

import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.media.Scheme;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Serves damaged titles in the cells that {@link MutationRun} leaves out, each damage in one of
 * them. Prints a line for each wrong answer, and of each file how many segments were served and how
 * many titles or segments were refused.
 */
final class CellMutationRun {
  private static final String TITLE = "small";

  /** Of the others no more than the manifest is different. */
  private static final List<Cell> CELLS =
      List.of(
          new Cell("m3u8-cmaf", "cenc"),
          new Cell("mpd-time-cmaf", "cbcs"),
          new Cell("mpd-time-csf", "cbc"),
          new Cell("m3u8-cmaf", "cbc"),
          new Cell("m3u8-aapl", "none"),
          new Cell("m3u8-aapl", "cbcs"),
          new Cell("m3u8-aapl-v3", "cbcs"),
          new Cell("m3u8-aapl-v3", "cbc"),
          new Cell("", "none"),
          new Cell("", "piff"),
          new Cell("fmp4-v20", "cbcs"));

  private final InProcessOrigin origin;
  private final String object;
  private final byte[] file;
  private final ClearSource source;
  private final byte[] cbcsIv;
  private int served;
  private int refused;
  private int wrong;

  private CellMutationRun(InProcessOrigin origin, Path path) {
    this.origin = origin;
    this.object = TITLE + "/" + path.getFileName();
    this.file = TestMedia.read(path);
    this.source = ClearSource.of(path);
    this.cbcsIv =
        origin
            .node(new MemoryStore().with(object, file))
            .crawl(new Cell("m3u8-cmaf", "cbcs"), TITLE)
            .iv()
            .orElseThrow();
  }

  /**
   * Arguments: the seed; the part of all damages that is tried, a number in a hundred; the files.
   */
  public static void main(String[] arguments) {
    var random = new Random(Long.parseLong(arguments[0]));
    int percent = Integer.parseInt(arguments[1]);
    try (var origin = InProcessOrigin.of(CellDocuments.of(TITLE))) {
      for (String path : List.of(arguments).subList(2, arguments.length)) {
        var run = new CellMutationRun(origin, Path.of(path));
        for (var cell : CELLS) {
          run.check(cell + " as it is", cell, run.file, false);
          if (run.refused > 0) {
            throw new AssertionError(cell + ": refused as it is");
          }
        }
        for (var mutation : Mutations.of(run.file, run.source, random)) {
          var cell = CELLS.get(random.nextInt(CELLS.size()));
          if (random.nextInt(100) < percent) {
            boolean lax =
                mutation.kind() == Mutations.Kind.PARAMETER_SETS
                    || mutation.kind() == Mutations.Kind.NAL_UNIT;
            run.check(cell + ", " + mutation.what(), cell, mutation.apply(run.file), lax);
          }
        }
        System.out.printf(
            "done served=%d refused=%d wrong=%d%n", run.served, run.refused, run.wrong);
      }
    }
  }

  private void check(String what, Cell cell, byte[] mutated, boolean lax) {
    long begin = System.nanoTime();
    var store = new MemoryStore().with(object, mutated);
    try {
      serve(what, cell, mutated, store, lax);
    } catch (Failure e) {
      refused++;
      wrong(what, Optional.of(e.detail()).filter(String::isEmpty));
    } catch (RuntimeException | Error e) {
      wrong(what, Optional.of(e + " at " + Arrays.stream(e.getStackTrace()).limit(6).toList()));
    }
    long nanos = System.nanoTime() - begin;
    wrong(
        what,
        Optional.of("took ms: " + nanos / 1_000_000).filter(_ -> nanos > MutationRun.MAX_NANOS));
    wrong(what, Optional.of("readers left open").filter(_ -> store.openReaders() != 0));
  }

  /** A refusal of one segment does not excuse the others: each is asked for. */
  private void serve(String what, Cell cell, byte[] mutated, MemoryStore store, boolean lax) {
    var node = origin.node(store);
    var crawled = node.crawl(cell, TITLE);
    for (var rendition : crawled.renditions()) {
      for (String url : rendition.urls()) {
        try {
          byte[] bytes = node.get(url);
          var check = new Answer(cell, rendition.isVideo(), mutated, lax);
          boolean init = rendition.init().equals(Optional.of(url));
          byte[] inner =
              cell.isEnvelope() && !(init && cell.isHls())
                  ? CellLeaks.opened(bytes, crawled.iv().orElseThrow())
                  : bytes;
          wrong(what + " " + url, init ? check.faultOfInit(inner) : check.faultOfSegment(inner));
          served += init ? 0 : 1;
        } catch (Failure _) {
          refused++;
        }
      }
    }
  }

  private void wrong(String what, Optional<String> problem) {
    problem.ifPresent(text -> {
      wrong++;
      System.out.println("wrong: " + what + ": " + text);
    });
  }

  /** What is right of an answer from a damaged file: what it decrypts to stands in the file. */
  private final class Answer {
    private final Cell cell;
    private final boolean video;
    private final byte[] mutated;
    private final boolean lax;
    private int from;

    Answer(Cell cell, boolean video, byte[] mutated, boolean lax) {
      this.cell = cell;
      this.video = video;
      this.mutated = mutated;
      this.lax = lax;
    }

    Optional<String> faultOfInit(byte[] init) {
      var expected =
          switch (cell.scheme()) {
            case CENC -> Optional.of(CellDocuments.CENC_KEY_ID);
            case CBCS -> Optional.of(CellDocuments.CBCS_KEY_ID);
            case CBC, CLEAR -> Optional.<String>empty();
          };
      return init.length > 0 && Segment.keyIdOf(init).equals(expected)
          ? Optional.empty()
          : Optional.of("init under another key");
    }

    Optional<String> faultOfSegment(byte[] segment) {
      if (segment.length == 0) {
        return Optional.of("no envelope");
      }
      return cell.isTransportStream() ? faultOfUnits(segment) : faultOfSamples(segment);
    }

    private Optional<String> faultOfUnits(byte[] segment) {
      var units = TransportUnits.ofDamaged(segment);
      boolean encrypted = cell.scheme() == Scheme.CBCS;
      for (var picture : units.pictures()) {
        for (byte[] slice : picture) {
          byte[] bytes = encrypted ? TransportUnits.encryptedSlice(slice) : slice;
          var chains = encrypted ? CbcChains.sampleAesSlice(bytes.length) : List.<int[]>of();
          if (isNotInFile(decrypted(bytes, chains))) {
            return Optional.of("a slice that is not in the file");
          }
        }
      }
      from = 0;
      for (byte[] frame : units.frames()) {
        var chains = encrypted ? CbcChains.sampleAesFrame(frame.length) : List.<int[]>of();
        if (isNotInFile(decrypted(frame, chains))) {
          return Optional.of("a frame that is not in the file");
        }
      }
      return Optional.empty();
    }

    private Optional<String> faultOfSamples(byte[] segment) {
      for (var sample : FragmentSample.of(segment, cell.scheme() == Scheme.CENC ? 8 : 0)) {
        if (cell.scheme() == Scheme.CENC && sample.iv().isEmpty()) {
          return Optional.of("a sample without IV");
        }
        if (isNotInFile(clear(sample))) {
          return Optional.of("a sample that is not in the file: " + sample.bytes().length);
        }
        boolean mapped = cell.scheme() == Scheme.CENC || cell.scheme() == Scheme.CBCS;
        if (mapped && video && leavesSlices(sample)) {
          return Optional.of("a slice in the clear");
        }
      }
      return Optional.empty();
    }

    private byte[] clear(FragmentSample sample) {
      return switch (cell.scheme()) {
        case CENC ->
            sample.toCenc().decrypt(HexFormat.of().parseHex(CellDocuments.key(Scheme.CENC)));
        case CBCS ->
            decrypted(
                sample.bytes(),
                video
                    ? CbcChains.cbcsVideo(sample.protectedRanges())
                    : CbcChains.cbcsAudio(sample.bytes().length));
        case CBC, CLEAR -> sample.bytes();
      };
    }

    private byte[] decrypted(byte[] bytes, List<int[]> chains) {
      return CbcChains.decrypt(
          bytes, chains, HexFormat.of().parseHex(CellDocuments.key(Scheme.CBCS)), cbcsIv);
    }

    /** Samples follow each other, but for damages. */
    private boolean isNotInFile(byte[] clear) {
      int at = MutationRun.indexOf(mutated, clear, from);
      if (at < 0) {
        at = MutationRun.indexOf(mutated, clear, 0);
      }
      from = Math.max(0, at) + clear.length;
      return at < 0;
    }

    /** Whether a sample of the source, as it was, has a slice whose end is not protected. */
    private boolean leavesSlices(FragmentSample sample) {
      int start = from - sample.bytes().length;
      var original =
          source.samples().stream()
              .filter(s -> s.video() && s.offset() == start)
              .filter(s -> Arrays.equals(s.bytes(), clear(sample)))
              .findFirst();
      var ranges = sample.protectedRanges();
      int header = lax ? MutationRun.LAX_HEADER_BYTES : ClearSource.HEADER_BYTES;
      return original.isPresent()
          && original.get().nals().stream()
              .filter(nal -> TransportUnits.slice(new byte[] {original.get().bytes()[nal[0]]}))
              .filter(nal -> nal[1] >= header + CbcChains.BLOCK_BYTES)
              .anyMatch(nal ->
                  ranges.stream()
                      .noneMatch(r ->
                          r[0] > nal[0]
                              && r[0] <= nal[0] + header
                              && r[0] + r[1] == nal[0] + nal[1]));
    }
  }
}
