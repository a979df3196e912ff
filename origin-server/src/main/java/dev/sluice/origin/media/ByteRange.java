package dev.sluice.origin.media;

/**
 * Part of an object or of an answer.
 *
 * @param offsetBytes of the first byte, from 0
 * @param lengthBytes at least 0
 */
public record ByteRange(long offsetBytes, long lengthBytes) {

  public ByteRange {
    if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes > Long.MAX_VALUE - lengthBytes) {
      throw new IllegalArgumentException(
          "byte range: %d+%d (expected: not negative, end within a long)"
              .formatted(offsetBytes, lengthBytes));
    }
  }

  /** The offset of the first byte behind the range. */
  public long endBytes() {
    return offsetBytes + lengthBytes;
  }
}
