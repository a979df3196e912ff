package dev.sluice.origin.encrypt;

import java.nio.ByteBuffer;

/** The object that samples lie in. */
@FunctionalInterface
public interface SampleBytes {

  /**
   * Fills {@code out} to its limit with the object's bytes from {@code offsetBytes} on.
   *
   * <p>Ownership: {@code out} is borrowed.
   *
   * @throws dev.sluice.origin.failure.Failure if the bytes cannot be had
   */
  void read(long offsetBytes, ByteBuffer out);
}
