package dev.sluice.origin.media;

import java.nio.ByteBuffer;

/**
 * Bytes of a file where the system has them in memory: a part of a mapping. Valid until the body or
 * the reader that gave them is closed.
 *
 * <p>They are for a cipher engine that reads mappings, and for nothing else: where the file becomes
 * shorter, what is read by Java fails with an error, and what is read by other native code ends the
 * process.
 */
public interface MappedBytes {

  /** The bytes, read-only. */
  ByteBuffer bytes();

  /**
   * Looks whether the file is still the version that was opened. What was made of the bytes must
   * not leave before.
   *
   * @throws dev.sluice.origin.failure.StoreFailure if it has changed
   */
  void requireUnchanged();
}
