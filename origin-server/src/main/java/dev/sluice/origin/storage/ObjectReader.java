package dev.sluice.origin.storage;

import dev.sluice.origin.media.FileBytes;
import dev.sluice.origin.media.MappedBytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads one version of an object. Safe for use by many threads.
 *
 * <p>Every read is bound to the version that was opened. Where that is not there any more, each
 * read fails with {@code MPE_STORAGE_PRECONDITION_FAILED}.
 */
public interface ObjectReader extends AutoCloseable {

  /** The version that this reads. */
  StoredObject object();

  /**
   * Fills {@code out} to its limit from {@code offsetBytes} on.
   *
   * @throws dev.sluice.origin.failure.StoreFailure if the bytes are not there, or the object
   *     changed
   */
  void readFully(long offsetBytes, ByteBuffer out);

  /**
   * {@link #readFully} where that needs no wait for storage, as on an event loop.
   *
   * <p>Ownership: {@code out} is borrowed.
   *
   * @return whether it was read; if not, {@code out} stands where it stood, and what it holds
   *     behind that is undefined
   * @throws dev.sluice.origin.failure.StoreFailure as {@link #readFully}
   */
  default boolean readNow(long offsetBytes, ByteBuffer out) {
    return false;
  }

  /** A part of the object as bytes of a file; empty where it is none. */
  default Optional<FileBytes> fileBytes(long offsetBytes, long lengthBytes) {
    return Optional.empty();
  }

  /**
   * A part of the object, mapped; empty where it is not, or parts of it are not in memory, so that
   * reading it would wait for storage. Valid until this is closed.
   *
   * @param lengthBytes above 0
   */
  default Optional<MappedBytes> mapped(long offsetBytes, int lengthBytes) {
    return Optional.empty();
  }

  @Override
  void close();
}
