package dev.sluice.origin.media;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** Bytes that do not change. Equal by content. Not for keys: it prints itself. */
public final class Bytes {
  private static final int PRINTED_BYTES = 16;
  private final byte[] bytes;

  private Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of these bytes. */
  public static Bytes copyOf(byte... bytes) {
    return new Bytes(bytes.clone());
  }

  /** A copy of part of these bytes. */
  public static Bytes copyOf(byte[] bytes, int offset, int length) {
    return new Bytes(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  /** These bytes. Ownership: takes the array, which nobody changes from then on. */
  public static Bytes taking(byte[] bytes) {
    return new Bytes(bytes);
  }

  /** How many there are. */
  public int size() {
    return bytes.length;
  }

  /** One of them. */
  public byte at(int index) {
    return bytes[index];
  }

  /** A copy. */
  public byte[] toArray() {
    return bytes.clone();
  }

  /** Fills {@code out} to its limit with the bytes from {@code offset} on. */
  public void copyTo(int offset, ByteBuffer out) {
    out.put(bytes, offset, out.remaining());
  }

  /** A read-only view, its position at 0 and its limit at the end. */
  public ByteBuffer asBuffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return bytes.length <= PRINTED_BYTES
        ? HexFormat.of().formatHex(bytes)
        : HexFormat.of().formatHex(bytes, 0, PRINTED_BYTES) + "... (" + bytes.length + " bytes)";
  }
}
