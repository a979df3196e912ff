package dev.sluice.origin.media;

import java.nio.ByteBuffer;

/**
 * The bytes of an answer. Its length is known before any media is read, and any range of it can be
 * had, in any order, as often as asked: the same position always gives the same byte.
 *
 * <p>A body may be read by one thread at a time, and by different threads one after another.
 */
public interface Body extends AutoCloseable {

  /** The exact length. */
  long lengthBytes();

  /**
   * Fills {@code out} to its limit with the bytes from {@code positionBytes} on. May block on
   * storage.
   *
   * <p>Ownership: {@code out} is borrowed. On a failure its content is undefined and must not
   * leave.
   *
   * @throws dev.sluice.origin.failure.Failure if the bytes cannot be had, or not be protected
   */
  void read(long positionBytes, ByteBuffer out);

  /** Gives back what the body holds. */
  @Override
  default void close() {}

  /** A body of these bytes. The array is borrowed for good: do not change it. */
  static Body of(byte[] bytes) {
    return new Body() {
      @Override
      public long lengthBytes() {
        return bytes.length;
      }

      @Override
      public void read(long positionBytes, ByteBuffer out) {
        out.put(bytes, Math.toIntExact(positionBytes), out.remaining());
      }
    };
  }
}
