package dev.sluice.origin.storage;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * All of an open file as memory, for as long as it is open. Closed with it and not left to the
 * collection of garbage, which would keep the space of a removed file from the disk for long.
 *
 * <p>The first look at a page of a mapping costs more than reading it would, and each further one
 * half. So what has not been read before is read, and noted; what has been is had mapped.
 */
final class FileMapping {

  /** What is noted together. */
  private static final int REGION_BYTES = 64 * 1024;

  private final MemorySegment bytes;
  private final Arena arena;
  private final MappedCopy copies;

  /** A bit for each region that has been read. One that is lost in a race costs a read. */
  private final AtomicLongArray read;

  private FileMapping(MemorySegment bytes, Arena arena, MappedCopy copies) {
    this.bytes = bytes;
    this.arena = arena;
    this.copies = copies;
    long regions = (bytes.byteSize() - 1) / REGION_BYTES + 1;
    this.read = new AtomicLongArray(Math.toIntExact((regions - 1) / Long.SIZE + 1));
  }

  /** The mapping of a file that is not empty; empty where the system refuses. */
  static Optional<FileMapping> of(NativeFile file, long sizeBytes, MappedCopy copies) {
    var arena = Arena.ofShared();
    Optional<MemorySegment> bytes = file.map(sizeBytes, arena);
    if (bytes.isEmpty()) {
      arena.close();
    }
    return bytes.map(b -> new FileMapping(b, arena, copies));
  }

  /** These bytes have been read, not mapped. */
  void noteRead(long offsetBytes, long lengthBytes) {
    if (lengthBytes == 0) {
      return;
    }
    long last = (offsetBytes + lengthBytes - 1) / REGION_BYTES;
    for (long region = offsetBytes / REGION_BYTES; region <= last; region++) {
      int at = (int) (region / Long.SIZE);
      read.setPlain(at, read.getPlain(at) | 1L << region);
    }
  }

  /** Whether all of these bytes have been read before. */
  boolean hasBeenRead(long offsetBytes, int lengthBytes) {
    long last = (offsetBytes + lengthBytes - 1) / REGION_BYTES;
    for (long region = offsetBytes / REGION_BYTES; region <= last; region++) {
      if ((read.getPlain((int) (region / Long.SIZE)) & 1L << region) == 0) {
        return false;
      }
    }
    return true;
  }

  /** A part, read-only. */
  ByteBuffer part(long offsetBytes, int lengthBytes) {
    return bytes.asSlice(offsetBytes, lengthBytes).asByteBuffer();
  }

  /**
   * Fills {@code out} to its limit.
   *
   * @return whether the bytes were there; if not, {@code out} stands where it stood
   */
  boolean copy(long offsetBytes, ByteBuffer out) {
    return copies.copy(part(offsetBytes, out.remaining()), out);
  }

  /**
   * Waits until every thread of the process has taken notice, so it is done beside. Nobody reads
   * the bytes any more: whoever does has a use of the file.
   */
  void close() {
    Thread.ofVirtual().name("unmap").start(arena::close);
  }
}
