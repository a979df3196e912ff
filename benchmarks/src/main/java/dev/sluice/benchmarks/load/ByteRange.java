package dev.sluice.benchmarks.load;

/**
 * A part of a resource.
 *
 * @param offset of its first byte
 * @param length in bytes, at least 1
 */
record ByteRange(long offset, long length) {
  ByteRange {
    if (offset < 0 || length < 1 || offset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException(
          "range: %d bytes at %d (expected: >= 1 at >= 0)".formatted(length, offset));
    }
  }

  /** The value of the {@code Range} field. */
  String field() {
    return "bytes=" + offset + "-" + (offset + length - 1); // digits of ASCII in any locale
  }
}
