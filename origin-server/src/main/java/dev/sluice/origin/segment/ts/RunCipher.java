package dev.sluice.origin.segment.ts;

import dev.sluice.origin.encrypt.SampleAes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Encrypts runs of the source, piece by piece. A run is a chain: the last encrypted block is kept,
 * so that a piece that follows the last one goes on with it, also within a block. For any other
 * piece the run is read from its beginning.
 *
 * <pre>
 *   run     | clear | block | clear | block | clear | block | ...
 *   piece                      | the rest of a block ... the first part of a block |
 * </pre>
 */
final class RunCipher {
  private static final int BLOCK_BYTES = SampleAes.BLOCK_BYTES;
  private static final int CHUNK_BYTES = 64_000;

  /** The most that is encrypted for the block before a piece, where nothing may wait. */
  private static final int MAX_BYTES_BEFORE_NOW = 256 * 1024;

  private final SegmentPlan plan;
  private final List<SampleSource> sources;

  /** The run whose blocks are known; -1 if none's are. */
  private int chainRun = -1;

  /** How many of its blocks have been encrypted. */
  private int chainBlocks;

  /** The last one of them. */
  private long chainHigh;

  private long chainLow;

  /** The parts of runs in the piece. */
  private int parts;

  private int[] runs = new int[16];
  private int[] streams = new int[16];
  private int[] froms = new int[16];
  private int[] tos = new int[16];
  private int[] places = new int[16];

  /** The block that the piece ends within. */
  private final byte[] split = new byte[BLOCK_BYTES];

  RunCipher(SegmentPlan plan, List<SampleSource> sources) {
    this.plan = plan;
    this.sources = sources;
  }

  /** Begins a piece. */
  void begin() {
    parts = 0;
  }

  /**
   * Adds a part of a run: the first in the piece may begin, and the last may end within a run.
   *
   * @param place where it is in the piece
   */
  void add(int stream, int run, int from, int count, int place) {
    if (parts > 0 && runs[parts - 1] == run) {
      tos[parts - 1] += count;
      return;
    }
    if (parts == runs.length) {
      runs = Arrays.copyOf(runs, 2 * parts);
      streams = Arrays.copyOf(streams, 2 * parts);
      froms = Arrays.copyOf(froms, 2 * parts);
      tos = Arrays.copyOf(tos, 2 * parts);
      places = Arrays.copyOf(places, 2 * parts);
    }
    runs[parts] = run;
    streams[parts] = stream;
    froms[parts] = from;
    tos[parts] = from + count;
    places[parts] = place;
    parts++;
  }

  /**
   * Reads what else is needed to encrypt the piece.
   *
   * @param waits whether it may wait for storage
   * @return whether all is there; nothing is lost if not
   */
  boolean prepare(boolean waits) {
    if (parts == 0) {
      return true;
    }
    int needed = begun(0, froms[0]);
    boolean there =
        needed == 0
            || (needed == ended(0, froms[0]) && begun(0, tos[0]) == needed)
            || chain(0, needed, waits);
    return there && readSplit(parts - 1, waits);
  }

  private SampleAes.Unit unit(int part) {
    return plan.leads(streams[part]).unit();
  }

  private int begun(int part, int offset) {
    return unit(part).blocksBegunBefore(offset, plan.runBytes(runs[part]));
  }

  private int ended(int part, int offset) {
    return unit(part).blocksEndedBefore(offset, plan.runBytes(runs[part]));
  }

  private SampleAes aes(int part) {
    return sources
        .get(streams[part])
        .encryption()
        .orElseThrow(() -> new IllegalStateException("SAMPLE-AES: no key (expected: one)"));
  }

  /** Encrypts a run up to this many blocks, and keeps the last. */
  private boolean chain(int part, int blocks, boolean waits) {
    int run = runs[part];
    if (chainRun != run || chainBlocks > blocks) {
      chainRun = run;
      chainBlocks = 0;
    }
    var unit = unit(part);
    if (!waits && (long) (blocks - chainBlocks) * unit.strideBytes() > MAX_BYTES_BEFORE_NOW) {
      return false;
    }
    while (chainBlocks < blocks) {
      int count = Math.min(blocks - chainBlocks, CHUNK_BYTES / unit.strideBytes());
      var chunk = ByteBuffer.allocate((count - 1) * unit.strideBytes() + BLOCK_BYTES);
      if (!read(part, unit.blockAt(chainBlocks), chunk, waits)) {
        return false;
      }
      aes(part).begin();
      addBlocks(part, 0, count);
      aes(part).encrypt(chunk.flip());
      keepLast(part, chainBlocks + count);
    }
    return true;
  }

  private boolean read(int part, int from, ByteBuffer out, boolean waits) {
    var object = sources.get(streams[part]).object();
    long offset = plan.runOffset(runs[part]) + from;
    if (waits) {
      object.readFully(offset, out);
      return true;
    }
    return object.readNow(offset, out);
  }

  /** Adds blocks that follow those known of the run. */
  private void addBlocks(int part, int place, int count) {
    if (chainRun == runs[part] && chainBlocks > 0) {
      aes(part).add(unit(part), place, count, chainHigh, chainLow);
    } else {
      aes(part).add(unit(part), place, count);
    }
  }

  private void keepLast(int part, int blocks) {
    chainRun = runs[part];
    chainBlocks = blocks;
    chainHigh = aes(part).endHigh();
    chainLow = aes(part).endLow();
  }

  private boolean readSplit(int part, boolean waits) {
    int to = tos[part];
    if (!splits(part)) {
      return true;
    }
    int there = to - unit(part).blockAt(begun(part, to) - 1);
    return read(part, to, ByteBuffer.wrap(split, there, BLOCK_BYTES - there), waits);
  }

  /** Whether a part ends within a block that it has the beginning of. */
  private boolean splits(int part) {
    int begun = begun(part, tos[part]);
    return begun > ended(part, tos[part]) && begun > begun(part, froms[part]);
  }

  /** Encrypts the piece in place; it has been prepared. */
  void encrypt(ByteBuffer piece) {
    if (parts == 0) {
      return;
    }
    for (var source : sources) {
      source.encryption().ifPresent(SampleAes::begin);
    }
    int blocks = 0;
    for (int part = 0; part < parts; part++) {
      putRestOfBlock(part, piece);
      blocks = addWhole(part);
    }
    for (var source : sources) {
      source.encryption().ifPresent(aes -> aes.encrypt(piece));
    }
    int last = parts - 1;
    if (blocks > 0) {
      keepLast(last, ended(last, tos[last]));
    }
    if (splits(last)) {
      encryptSplit(last, piece);
    }
  }

  /** The rest of the block that the piece before ended within. */
  private void putRestOfBlock(int part, ByteBuffer piece) {
    int from = froms[part];
    int begun = begun(part, from);
    if (begun == ended(part, from)) {
      return;
    }
    requireChain(part, begun);
    int done = from - unit(part).blockAt(begun - 1);
    int count = Math.min(BLOCK_BYTES - done, tos[part] - from);
    var block = ByteBuffer.allocate(BLOCK_BYTES).putLong(chainHigh).putLong(chainLow);
    piece.put(places[part], block.array(), done, count);
  }

  /** The blocks that lie in the piece as a whole. How many they are. */
  private int addWhole(int part) {
    int first = begun(part, froms[part]);
    int count = ended(part, tos[part]) - first;
    if (count <= 0) {
      return 0;
    }
    if (first == 0) {
      aes(part).add(unit(part), place(part, 0), count);
    } else {
      requireChain(part, first);
      aes(part).add(unit(part), place(part, first), count, chainHigh, chainLow);
    }
    return count;
  }

  private int place(int part, int block) {
    return places[part] + unit(part).blockAt(block) - froms[part];
  }

  private void encryptSplit(int part, ByteBuffer piece) {
    int block = begun(part, tos[part]) - 1;
    int place = place(part, block);
    int there = tos[part] - unit(part).blockAt(block);
    piece.get(place, split, 0, there);
    if (block > 0) {
      requireChain(part, block);
    }
    aes(part).begin();
    if (block > 0) {
      aes(part).add(unit(part), 0, 1, chainHigh, chainLow);
    } else {
      aes(part).add(unit(part), 0, 1);
    }
    aes(part).encrypt(ByteBuffer.wrap(split));
    keepLast(part, block + 1);
    piece.put(place, split, 0, there);
  }

  private void requireChain(int part, int blocks) {
    if (chainRun != runs[part] || chainBlocks != blocks) {
      throw new IllegalStateException(
          "SAMPLE-AES: %d blocks of run %d are known (expected: %d of run %d)"
              .formatted(chainBlocks, chainRun, blocks, runs[part]));
    }
  }
}
