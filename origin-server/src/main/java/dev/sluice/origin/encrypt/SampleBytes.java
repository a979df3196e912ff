package dev.sluice.origin.encrypt;

import dev.sluice.origin.media.MappedBytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Bytes that can be had from any offset on: of the object that samples lie in, or of a payload. */
@FunctionalInterface
public interface SampleBytes {

  /**
   * Fills {@code out} to its limit with the bytes from {@code offsetBytes} on.
   *
   * <p>Ownership: {@code out} is borrowed.
   *
   * @throws dev.sluice.origin.failure.Failure if the bytes cannot be had
   */
  void read(long offsetBytes, ByteBuffer out);

  /**
   * {@link #read} where that needs no wait for storage.
   *
   * <p>Ownership: {@code out} is borrowed.
   *
   * @return whether it was read; if not, {@code out} stands where it stood, and what it holds
   *     behind that is undefined
   * @throws dev.sluice.origin.failure.Failure as {@link #read}
   */
  default boolean readNow(long offsetBytes, ByteBuffer out) {
    return false;
  }

  /**
   * These bytes as one run of a mapped file; empty where they are none, or reading them would need
   * a wait for storage.
   *
   * @param lengthBytes above 0, within the bytes
   */
  default Optional<MappedBytes> mapped(long offsetBytes, int lengthBytes) {
    return Optional.empty();
  }
}
