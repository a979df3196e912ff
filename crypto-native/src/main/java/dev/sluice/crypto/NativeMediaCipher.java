package dev.sluice.crypto;

import dev.sluice.crypto.NativeLibrary.Mode;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The engine in C: one call for a piece with all its ranges.
 *
 * <p>Collections of garbage wait for a call, so that a long piece is done in several: each takes
 * some 0.1 to 0.2 ms.
 */
final class NativeMediaCipher implements MediaCipher {

  /** What a call does of a piece under CTR, or under CBC, where chains may be few. */
  private static final int CTR_STEP_BYTES = 512 * 1024;

  private static final int CBC_STEP_BYTES = 256 * 1024;

  /** What a call does of each of 8 pieces. */
  private static final int BATCH_STEP_BYTES = 128 * 1024;

  private static final int COPY_STEP_BYTES = 1024 * 1024;

  private static final int KEY_BYTES = 16;
  private static final int MAX_JOBS = NativeLibrary.MAX_JOBS;

  /** {@code struct sluice_window}. */
  private static final int WINDOW_LONGS = 4;

  private final NativeLibrary library;
  private final NativeLibrary.Level level;
  private final String name;

  NativeMediaCipher(NativeLibrary library, NativeLibrary.Level level) {
    this.library = library;
    this.level = level;
    this.name = "native-" + level.lowerCase();
  }

  @Override
  public String engine() {
    return name;
  }

  @Override
  public boolean readsMappings() {
    return library.readsMappings();
  }

  @Override
  public void copy(ByteBuffer source, ByteBuffer target) {
    Pieces.requireSameLength(source, target);
    Pieces.requireWritable(target);
    MemorySegment from = MemorySegment.ofBuffer(source);
    if (!isMapped(from)) {
      target.put(source);
      return;
    }
    MemorySegment to = MemorySegment.ofBuffer(target);
    for (long at = 0; at < from.byteSize(); at += COPY_STEP_BYTES) {
      long length = Math.min(COPY_STEP_BYTES, from.byteSize() - at);
      requireOk(library.copy(to.asSlice(at, length), from.asSlice(at, length)));
    }
    end(source, target);
  }

  /**
   * Whether a source is a mapping, of which the library must be told.
   *
   * @throws IllegalArgumentException if it is one, and may not be
   */
  private boolean isMapped(MemorySegment source) {
    if (!source.isMapped()) {
      return false;
    }
    if (!readsMappings()) {
      throw Pieces.mapped();
    }
    return true;
  }

  @Override
  public void ctr(byte[] key, CtrRanges ranges, ByteBuffer source, ByteBuffer target) {
    Pieces.requireValid(key, ranges, source, target);
    MemorySegment from = MemorySegment.ofBuffer(source);
    MemorySegment to = MemorySegment.ofBuffer(target);
    boolean mapped = isMapped(from);
    Pieces.same(from, to);
    MemorySegment keyBytes = MemorySegment.ofArray(key);
    int size = source.remaining();
    int first = 0;
    for (int at = 0; at < size; at += Math.min(CTR_STEP_BYTES, size - at)) {
      while (first < ranges.count()
          && ranges.offsetBytes(first) + ranges.lengthBytes(first) <= at) {
        first++;
      }
      int end = at + Math.min(CTR_STEP_BYTES, size - at);
      requireOk(
          library.encrypt(
              Mode.CTR,
              level,
              mapped,
              keyBytes,
              from,
              to,
              at,
              end,
              ranges.packed(),
              first,
              ranges.count()));
    }
    end(source, target);
  }

  @Override
  public void cbc(byte[] key, CbcRanges ranges, ByteBuffer source, ByteBuffer target) {
    Pieces.requireValid(key, ranges, source, target);
    encrypt(key, ranges, source, target);
  }

  private void encrypt(byte[] key, CbcRanges ranges, ByteBuffer source, ByteBuffer target) {
    MemorySegment from = MemorySegment.ofBuffer(source);
    MemorySegment to = MemorySegment.ofBuffer(target);
    boolean mapped = isMapped(from);
    Pieces.same(from, to);
    MemorySegment keyBytes = MemorySegment.ofArray(key);
    int size = source.remaining();
    int first = 0;
    for (int at = 0; at < size; at += Math.min(CBC_STEP_BYTES, size - at)) {
      first = firstBehind(ranges, first, at);
      int end = at + Math.min(CBC_STEP_BYTES, size - at);
      requireOk(
          library.encrypt(
              Mode.CBC,
              level,
              mapped,
              keyBytes,
              from,
              to,
              at,
              end,
              ranges.packed(),
              first,
              ranges.count()));
    }
    end(source, target);
  }

  @Override
  public void cbc(List<CbcJob> jobs) {
    for (CbcJob job : jobs) {
      Pieces.requireValid(job.key(), job.ranges(), job.source(), job.target());
      MemorySegment source = MemorySegment.ofBuffer(job.source());
      isMapped(source);
      Pieces.same(source, MemorySegment.ofBuffer(job.target()));
    }
    for (int first = 0; first < jobs.size(); first += MAX_JOBS) {
      int end = Math.min(jobs.size(), first + MAX_JOBS);
      if (end - first == 1) {
        CbcJob job = jobs.get(first);
        encrypt(job.key(), job.ranges(), job.source(), job.target());
      } else {
        encryptTogether(jobs.subList(first, end));
      }
    }
  }

  private void encryptTogether(List<CbcJob> jobs) {
    byte[] keys = new byte[MAX_JOBS * KEY_BYTES];
    long[] windows = new long[MAX_JOBS * WINDOW_LONGS];
    MemorySegment[] pointers = new MemorySegment[3 * MAX_JOBS];
    Arrays.fill(pointers, MemorySegment.NULL);
    int largest = 0;
    boolean mapped = false;
    for (int i = 0; i < jobs.size(); i++) {
      CbcJob job = jobs.get(i);
      System.arraycopy(job.key(), 0, keys, i * KEY_BYTES, KEY_BYTES);
      pointers[3 * i] = MemorySegment.ofBuffer(job.source());
      pointers[3 * i + 1] = MemorySegment.ofBuffer(job.target());
      pointers[3 * i + 2] = job.ranges().packed();
      mapped |= isMapped(pointers[3 * i]);
      largest = Math.max(largest, job.source().remaining());
    }
    try {
      for (int at = 0; at < largest; at += Math.min(BATCH_STEP_BYTES, largest - at)) {
        for (int i = 0; i < jobs.size(); i++) {
          setWindow(windows, i * WINDOW_LONGS, jobs.get(i), at);
        }
        requireOk(
            library.cbcBatch(
                level,
                mapped,
                jobs.size(),
                MemorySegment.ofArray(keys),
                MemorySegment.ofArray(windows),
                pointers));
      }
    } finally {
      Arrays.fill(keys, (byte) 0);
    }
    for (CbcJob job : jobs) {
      end(job.source(), job.target());
    }
  }

  private static void setWindow(long[] windows, int at, CbcJob job, int position) {
    int size = job.source().remaining();
    int from = Math.min(size, position);
    int first = firstBehind(job.ranges(), Packing.first(windows[at + 3]), from);
    windows[at] = size;
    windows[at + 1] = from;
    windows[at + 2] = Math.addExact(from, Math.min(BATCH_STEP_BYTES, size - from));
    windows[at + 3] = Packing.pair(first, job.ranges().count());
  }

  /** The first range that ends behind a position, none of those before {@code first}. */
  private static int firstBehind(CbcRanges ranges, int first, int at) {
    int range = first;
    while (range < ranges.count() && ranges.offsetBytes(range) + ranges.lengthBytes(range) <= at) {
      range++;
    }
    return range;
  }

  private static void end(ByteBuffer source, ByteBuffer target) {
    source.position(source.limit());
    target.position(target.limit());
  }

  private void requireOk(int code) {
    if (code == NativeLibrary.SOURCE_GONE) {
      throw new SourceGoneException();
    }
    if (code != NativeLibrary.OK) {
      throw new IllegalStateException(
          "%s: code %d (expected: 0, of arguments that were checked)".formatted(name, code));
    }
  }
}
