package dev.sluice.origin.segment.ts;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that are appended to, in an array that grows. */
final class ByteSink {
  private byte[] bytes = new byte[4096];
  private int length;

  void clear() {
    length = 0;
  }

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

  void put(ByteBuffer source) {
    int count = source.remaining();
    reserve(count);
    source.get(bytes, length, count);
    length += count;
  }

  void put(int value) {
    reserve(1);
    bytes[length] = (byte) value;
    length++;
  }

  private void reserve(int count) {
    int needed = Math.addExact(length, count);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(2L * bytes.length, 1 << 30)));
    }
  }
}
