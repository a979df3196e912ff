package dev.sluice.origin.mp4;

import dev.sluice.origin.media.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Writes boxes into memory that grows; sizes are filled in when a box ends. Big-endian. */
public final class BoxWriter {
  private byte[] bytes = new byte[1024];
  private int size;
  private final Deque<Integer> open = new ArrayDeque<>();

  /** Begins a box. */
  public BoxWriter begin(String type) {
    open.push(size);
    return uint32(0).fourCc(type);
  }

  /** Begins a full box. */
  public BoxWriter begin(String type, int version, int flags) {
    return begin(type).uint32((long) version << 24 | flags);
  }

  /** Ends the box begun last. */
  public BoxWriter end() {
    int start = open.pop();
    set32(start, size - start);
    return this;
  }

  /** Appends four characters of ISO 8859-1. */
  public BoxWriter fourCc(String code) {
    byte[] four = code.getBytes(StandardCharsets.ISO_8859_1);
    if (four.length != 4) {
      throw new IllegalArgumentException("four-character code: %s".formatted(code));
    }
    return raw(four);
  }

  /** Appends 8 bits. */
  public BoxWriter uint8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
    return this;
  }

  /** Appends 16 bits. */
  public BoxWriter uint16(int value) {
    return uint8(value >>> 8).uint8(value);
  }

  /** Appends the low 32 bits. */
  public BoxWriter uint32(long value) {
    reserve(4);
    size += 4;
    set32(size - 4, value);
    return this;
  }

  /** Appends 64 bits. */
  public BoxWriter uint64(long value) {
    return uint32(value >>> 32).uint32(value);
  }

  /** Appends zero bytes. */
  public BoxWriter zeros(int count) {
    reserve(count);
    Arrays.fill(bytes, size, size + count, (byte) 0);
    size += count;
    return this;
  }

  /** Appends bytes as they are. */
  public BoxWriter raw(byte[] value) {
    reserve(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  /** Appends bytes as they are. */
  public BoxWriter raw(Bytes value) {
    reserve(value.size());
    value.asBuffer().get(bytes, size, value.size());
    size += value.size();
    return this;
  }

  /** Writes 32 bits over what stands at {@code offset}. */
  public void set32(int offset, long value) {
    bytes[offset] = (byte) (value >>> 24);
    bytes[offset + 1] = (byte) (value >>> 16);
    bytes[offset + 2] = (byte) (value >>> 8);
    bytes[offset + 3] = (byte) value;
  }

  /** How many bytes have been written. */
  public int size() {
    return size;
  }

  /** A copy of what has been written; every box must have ended. */
  public byte[] toByteArray() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("boxes still open: %d (expected: 0)".formatted(open.size()));
    }
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
    }
  }
}
