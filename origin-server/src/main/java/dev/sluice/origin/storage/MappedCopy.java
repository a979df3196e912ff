package dev.sluice.origin.storage;

import java.nio.ByteBuffer;

/** Copies out of mappings of files that may become shorter meanwhile, as Java and C cannot. */
@FunctionalInterface
public interface MappedCopy {

  /**
   * Copies all of a part of a mapping.
   *
   * @param target has as many bytes remaining; stands at its limit then
   * @return whether the bytes were there; if not, {@code target} stands where it stood, and what it
   *     holds behind that is undefined
   */
  boolean copy(ByteBuffer source, ByteBuffer target);
}
