package dev.sluice.origin.segment.ts;

import java.util.Arrays;

/** Bytes that are appended to, in an array that grows. */
final class ByteSink {
  private static final int FIRST_BYTES = 256;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int length;

  int length() {
    return length;
  }

  /** The bytes so far are the first {@link #length} of it; valid until the next is appended. */
  byte[] array() {
    return bytes;
  }

  void put(byte[] source, int offset, int count) {
    reserve(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  void put(byte[] source) {
    put(source, 0, source.length);
  }

  void put(int value) {
    reserve(1);
    bytes[length] = (byte) value;
    length++;
  }

  private void reserve(int count) {
    int end = Math.addExact(length, count);
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.max(end, Math.min(2L * bytes.length, 1 << 30)));
    }
  }
}
