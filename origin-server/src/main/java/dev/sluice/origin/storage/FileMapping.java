package dev.sluice.origin.storage;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * All of an open file as memory, for as long as it is open. Closed with it and not left to the
 * collection of garbage, which would keep the space of a removed file from the disk for long.
 */
final class FileMapping {
  private final MemorySegment bytes;
  private final Arena arena;
  private final MappedCopy copies;

  private FileMapping(MemorySegment bytes, Arena arena, MappedCopy copies) {
    this.bytes = bytes;
    this.arena = arena;
    this.copies = copies;
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
