package dev.sluice.crypto;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;

/** What every engine asks of its arguments before it writes anything. */
final class Pieces {
  private static final int KEY_BYTES = 16;

  private Pieces() {}

  static void requireValid(byte[] key, CtrRanges ranges, ByteBuffer source, ByteBuffer target) {
    requireValid(key, source, target);
    int end = 0;
    for (int i = 0; i < ranges.count(); i++) {
      int length = ranges.lengthBytes(i);
      end = requireRange(i, ranges.offsetBytes(i), length, end, source.remaining());
      long keystream = ranges.keystreamOffsetBytes(i);
      if (keystream < 0 || keystream > Long.MAX_VALUE - length) {
        throw new IllegalArgumentException(
            "range %d: keystream offset %d (expected: not negative, end within a long)"
                .formatted(i, keystream));
      }
    }
  }

  static void requireValid(byte[] key, CbcRanges ranges, ByteBuffer source, ByteBuffer target) {
    requireValid(key, source, target);
    int end = 0;
    for (int i = 0; i < ranges.count(); i++) {
      end = requireRange(i, ranges.offsetBytes(i), ranges.lengthBytes(i), end, source.remaining());
      int phase = ranges.phaseBlocks(i);
      int period = ranges.periodBlocks(i);
      if (phase < 0 || phase >= period) {
        throw new IllegalArgumentException(
            "range %d: phase %d (expected: from 0 on, < %d)".formatted(i, phase, period));
      }
    }
  }

  private static void requireValid(byte[] key, ByteBuffer source, ByteBuffer target) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("key: %d bytes (expected: 16)".formatted(key.length));
    }
    requireSameLength(source, target);
    requireWritable(target);
  }

  /** Native code would write into it all the same. */
  static void requireWritable(ByteBuffer target) {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("target: read-only (expected: writable)");
    }
  }

  /** Buffers of one length. */
  static void requireSameLength(ByteBuffer source, ByteBuffer target) {
    if (target.remaining() != source.remaining()) {
      throw new IllegalArgumentException(
          "target: %d bytes (expected: %d, as the source)"
              .formatted(target.remaining(), source.remaining()));
    }
  }

  /** For engines that would end the process, or fail in a way that nobody expects. */
  static void requireNotMapped(ByteBuffer source) {
    if (source instanceof MappedByteBuffer && MemorySegment.ofBuffer(source).isMapped()) {
      throw mapped();
    }
  }

  static IllegalArgumentException mapped() {
    return new IllegalArgumentException(
        "source: a mapping of a file (expected: none, by an engine that does not read mappings)");
  }

  /**
   * Whether two segments of one length are the same memory.
   *
   * @throws IllegalArgumentException if they share some bytes, not all
   */
  static boolean same(MemorySegment source, MemorySegment target) {
    if (source.isNative() != target.isNative()) {
      return false;
    }
    long size = source.byteSize();
    long shared;
    if (source.isNative()) {
      shared = Math.max(0, size - Math.abs(source.address() - target.address()));
    } else {
      shared = source.asOverlappingSlice(target).map(MemorySegment::byteSize).orElse(0L);
    }
    if (shared != 0 && shared != size) {
      throw new IllegalArgumentException(
          "target: shares %d bytes with the source (expected: all %d, or none)"
              .formatted(shared, size));
    }
    return shared == size;
  }

  /** Where the range ends. */
  private static int requireRange(int range, int offset, int length, int from, int size) {
    if (offset < from || length < 0 || length > size - offset) {
      throw new IllegalArgumentException(
          "range %d: %d+%d (expected: from %d on, end <= %d)"
              .formatted(range, offset, length, from, size));
    }
    return offset + length;
  }
}
