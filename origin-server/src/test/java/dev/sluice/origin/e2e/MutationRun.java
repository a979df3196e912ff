package dev.sluice.origin.e2e;

import dev.sluice.origin.failure.Failure;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Serves one damaged title after the other, in a JVM of little memory. Prints a line for each wrong
 * answer, and at last how many titles were served and how many were refused.
 */
final class MutationRun {
  private static final String TITLE = "small";

  /** How long a title may take; many times what it does. */
  static final long MAX_NANOS = 3_000_000_000L;

  /** A damaged header or parameter set may make slice headers longer than they were. */
  static final int LAX_HEADER_BYTES = 640;

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
        for (var mutation : Mutations.of(run.file, run.source, random)) {
          byte[] mutated = mutation.apply(run.file);
          run.check(mutation.what(), mutated, run.scanner(mutation, mutated));
        }
        System.out.printf(
            "done served=%d refused=%d wrong=%d%n", run.served, run.refused, run.wrong);
      }
    }
  }

  private ClearScanner scanner(Mutations.Mutation mutation, byte[] mutated) {
    return switch (mutation.kind()) {
      case BOX, END -> strict;
      case PARAMETER_SETS -> lax;
      case NAL_UNIT ->
          TransportUnits.slice(new byte[] {mutated[mutation.unit()]})
              ? lax
              : new ClearScanner(List.of());
    };
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

  static int indexOf(byte[] bytes, byte[] wanted, int from) {
    for (int at = from; at + wanted.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  private void wrong(String what, Optional<String> problem) {
    problem.ifPresent(text -> {
      wrong++;
      System.out.println("wrong: " + what + ": " + text);
    });
  }
}
