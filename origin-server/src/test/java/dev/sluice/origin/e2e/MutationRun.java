package dev.sluice.origin.e2e;

import dev.sluice.origin.failure.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Serves one damaged title after the other, in a JVM of little memory. Prints a line for each wrong
 * answer, and at last how many titles were served and how many were refused.
 */
final class MutationRun {
  private static final String TITLE = "small";
  private static final Set<String> CONTAINERS =
      Set.of("moov", "trak", "mdia", "minf", "dinf", "stbl", "mvex", "moof", "traf", "udta");

  /** How long a title may take; many times what it does. */
  private static final long MAX_NANOS = 3_000_000_000L;

  /** A damaged header or parameter set may make slice headers longer than they were. */
  private static final int LAX_HEADER_BYTES = 640;

  private final InProcessOrigin origin;
  private final String object;
  private final byte[] file;
  private final ClearSource source;
  private final ClearScanner strict;
  private final ClearScanner lax;
  private int served;
  private int refused;
  private int wrong;

  private MutationRun(InProcessOrigin origin, Path path) {
    this.origin = origin;
    this.object = TITLE + "/" + path.getFileName();
    this.file = TestMedia.read(path);
    this.source = ClearSource.of(path);
    this.strict = new ClearScanner(source.secrets(ClearSource.HEADER_BYTES));
    this.lax = new ClearScanner(source.secrets(LAX_HEADER_BYTES));
  }

  /** Arguments: the seed; the files. */
  public static void main(String[] arguments) {
    var random = new Random(Long.parseLong(arguments[0]));
    try (var origin = InProcessOrigin.of(List.of(TITLE))) {
      for (int i = 1; i < arguments.length; i++) {
        var run = new MutationRun(origin, Path.of(arguments[i]));
        run.check("as it is", run.file, run.strict);
        run.boxes(random);
        run.nals(random);
        run.truncations(random);
        System.out.printf(
            "done served=%d refused=%d wrong=%d%n", run.served, run.refused, run.wrong);
      }
    }
  }

  /** Every byte of every box but the samples, once. */
  private void boxes(Random random) {
    var metadata = new ArrayList<int[]>();
    collect(0, file.length, metadata);
    for (int[] range : metadata) {
      boolean parameterSets = Arrays.equals(file, range[0] + 4, range[0] + 8, fourCc("stsd"), 0, 4);
      for (int at = range[0]; at < range[1]; at++) {
        check("byte " + at, flipped(at, random), parameterSets ? lax : strict);
      }
    }
  }

  /** Headers of containers, and whole boxes that have no children. */
  private void collect(int from, int to, List<int[]> found) {
    int at = from;
    while (at < to) {
      int size = ByteBuffer.wrap(file).getInt(at);
      String type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
      if (CONTAINERS.contains(type)) {
        found.add(new int[] {at, at + 8});
        collect(at + 8, at + size, found);
      } else {
        found.add(new int[] {at, type.equals("mdat") ? at + 8 : at + size});
      }
      at += size;
    }
  }

  /** Every byte of each length field and NAL header, and each slice header's beginning. */
  private void nals(Random random) {
    for (var sample : source.samples()) {
      if (sample.video()) {
        for (int[] nal : sample.nals()) {
          int start = sample.offset() + nal[0];
          for (int at = start - 4; at < start + Math.min(nal[1], 12); at++) {
            byte[] mutated = flipped(at, random);
            int type = mutated[start] & 0x1F;
            // A slice that says that it is none is none, and what it holds is no picture.
            boolean slice = type == 1 || type == 5;
            check(
                "NAL byte %d at %d".formatted(at - start, at),
                mutated,
                slice ? lax : new ClearScanner(List.of()));
          }
        }
      }
    }
  }

  private void truncations(Random random) {
    for (int i = 0; i < 200; i++) {
      int length = i < 40 ? i * 40 : random.nextInt(file.length);
      check("cut at " + length, Arrays.copyOf(file, length), strict);
    }
  }

  private byte[] flipped(int at, Random random) {
    byte[] mutated = file.clone();
    mutated[at] ^= (byte) (random.nextBoolean() ? 1 << random.nextInt(8) : 1 + random.nextInt(255));
    return mutated;
  }

  private void check(String what, byte[] mutated, ClearScanner scanner) {
    long begin = System.nanoTime();
    var store = new MemoryStore().with(object, mutated);
    try {
      tryAll(what, mutated, store, scanner);
    } catch (Failure e) {
      refused++;
      wrong(what, Optional.of(e.detail()).filter(detail -> detail.isEmpty()));
    } catch (RuntimeException | Error e) {
      wrong(what, Optional.of(e + " at " + Arrays.stream(e.getStackTrace()).limit(6).toList()));
    }
    long nanos = System.nanoTime() - begin;
    wrong(what, Optional.of("took ms: " + nanos / 1_000_000).filter(_ -> nanos > MAX_NANOS));
    wrong(what, Optional.of("readers left open").filter(_ -> store.openReaders() != 0));
  }

  /** A refusal of one segment does not excuse the others: each is asked for. */
  private void tryAll(String what, byte[] mutated, MemoryStore store, ClearScanner scanner) {
    var node = origin.node(store);
    byte[] manifest = node.manifest(TITLE, "mpd-time-cmaf");
    wrong(what, scanner.leakIn(manifest));
    boolean any = false;
    for (var representation : Mpd.parse(manifest).representations()) {
      wrong(what, notProtected("manifest", representation.keyId()));
      try {
        byte[] init = node.get(InProcessOrigin.Node.url(TITLE, representation.initialization()));
        wrong(what, scanner.leakIn(init));
        wrong(what, notProtected("init", Segment.keyIdOf(init)));
      } catch (Failure _) {
        refused++;
      }
      for (var segment : representation.segments()) {
        try {
          byte[] bytes = node.get(InProcessOrigin.Node.url(TITLE, segment.url()));
          wrong(what, scanner.leakIn(bytes));
          wrong(what, notOfTheFile(bytes, mutated));
          any = true;
        } catch (Failure _) {
          refused++;
        }
      }
    }
    served += any ? 1 : 0;
  }

  private static Optional<String> notProtected(String where, Optional<String> keyId) {
    return keyId.equals(Optional.of(InProcessOrigin.KEY_ID))
        ? Optional.empty()
        : Optional.of(where + " without key: " + keyId);
  }

  /** Every sample, decrypted, must stand in the file as it is. */
  private static Optional<String> notOfTheFile(byte[] segment, byte[] file) {
    int from = 0;
    for (var sample : Segment.parse(segment).samples()) {
      if (sample.iv().isEmpty()) {
        return Optional.of("a sample without IV");
      }
      byte[] clear = sample.decrypt(InProcessOrigin.KEY);
      int at = indexOf(file, clear, from);
      if (at < 0) {
        at = indexOf(file, clear, 0);
      }
      if (at < 0) {
        return Optional.of("a sample that is not in the file, bytes: " + clear.length);
      }
      from = at + clear.length;
    }
    return Optional.empty();
  }

  private static int indexOf(byte[] bytes, byte[] wanted, int from) {
    for (int at = from; at + wanted.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  private static byte[] fourCc(String code) {
    return code.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void wrong(String what, Optional<String> problem) {
    problem.ifPresent(text -> {
      wrong++;
      System.out.println("wrong: " + what + ": " + text);
    });
  }
}
