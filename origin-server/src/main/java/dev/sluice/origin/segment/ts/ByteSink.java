package dev.sluice.origin.segment.ts;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that are appended to, in an array that grows; or only counted. */
final class ByteSink {
  private static final int FIRST_BYTES = 4096;

  private final boolean keeps;
  private byte[] bytes;
  private int length;

  ByteSink() {
    this(true);
  }

  private ByteSink(boolean keeps) {
    this.keeps = keeps;
    this.bytes = new byte[keeps ? FIRST_BYTES : 0];
  }

  /** A sink that knows the length of what is put into it, and nothing else. */
  static ByteSink counting() {
    return new ByteSink(false);
  }

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
    int end = endOf(count);
    if (keeps) {
      reserve(end);
      System.arraycopy(source, offset, bytes, length, count);
    }
    length = end;
  }

  void put(byte[] source) {
    put(source, 0, source.length);
  }

  /** Moves the position of the source to its limit. */
  void put(ByteBuffer source) {
    int count = source.remaining();
    int end = endOf(count);
    if (keeps) {
      reserve(end);
      source.get(bytes, length, count);
    } else {
      source.position(source.limit());
    }
    length = end;
  }

  void put(int value) {
    int end = endOf(1);
    if (keeps) {
      reserve(end);
      bytes[length] = (byte) value;
    }
    length = end;
  }

  private int endOf(int count) {
    return Math.addExact(length, count);
  }

  private void reserve(int end) {
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.max(end, Math.min(2L * bytes.length, 1 << 30)));
    }
  }
}
