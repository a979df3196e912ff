package dev.sluice.origin.e2e;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The damages of a file: at every byte that says something, and cut off. */
final class Mutations {
  private static final Set<String> CONTAINERS =
      Set.of("moov", "trak", "mdia", "minf", "dinf", "stbl", "mvex", "moof", "traf", "udta");

  private final byte[] file;
  private final Random random;
  private final List<Mutation> mutations = new ArrayList<>();

  private Mutations(byte[] file, Random random) {
    this.file = file;
    this.random = random;
  }

  /** What a damage is done to. */
  enum Kind {
    BOX,
    /** Slice headers may get longer by it. */
    PARAMETER_SETS,
    /** A slice that says that it is none is none, and what it holds is no picture. */
    NAL_UNIT,
    END
  }

  /**
   * A damage.
   *
   * @param unit where the NAL unit begins that it is done to
   * @param at the byte that changes, or where the file ends
   * @param mask what the byte is changed by; 0 where the file is cut
   */
  record Mutation(Kind kind, String what, int unit, int at, int mask) {

    byte[] apply(byte[] file) {
      if (kind == Kind.END) {
        return Arrays.copyOf(file, at);
      }
      byte[] mutated = file.clone();
      mutated[at] ^= (byte) mask;
      return mutated;
    }
  }

  /** All of a file. */
  static List<Mutation> of(byte[] file, ClearSource source, Random random) {
    var all = new Mutations(file, random);
    all.boxes();
    all.nals(source);
    all.truncations();
    return all.mutations;
  }

  /** Every byte of every box but the samples, once. */
  private void boxes() {
    var metadata = new ArrayList<int[]>();
    collect(0, file.length, metadata);
    byte[] stsd = "stsd".getBytes(StandardCharsets.ISO_8859_1);
    for (int[] range : metadata) {
      boolean sets = Arrays.equals(file, range[0] + 4, range[0] + 8, stsd, 0, 4);
      for (int at = range[0]; at < range[1]; at++) {
        add(sets ? Kind.PARAMETER_SETS : Kind.BOX, "byte " + at, 0, at);
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
  private void nals(ClearSource source) {
    for (var sample : source.samples()) {
      if (sample.video()) {
        for (int[] nal : sample.nals()) {
          int start = sample.offset() + nal[0];
          for (int at = start - 4; at < start + Math.min(nal[1], 12); at++) {
            add(Kind.NAL_UNIT, "NAL byte %d at %d".formatted(at - start, at), start, at);
          }
        }
      }
    }
  }

  private void truncations() {
    for (int i = 0; i < 200; i++) {
      int length = i < 40 ? i * 40 : random.nextInt(file.length);
      mutations.add(new Mutation(Kind.END, "cut at " + length, 0, length, 0));
    }
  }

  private void add(Kind kind, String what, int unit, int at) {
    int mask = random.nextBoolean() ? 1 << random.nextInt(8) : 1 + random.nextInt(255);
    mutations.add(new Mutation(kind, what, unit, at, mask));
  }
}
