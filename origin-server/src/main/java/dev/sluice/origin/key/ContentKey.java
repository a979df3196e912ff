package dev.sluice.origin.key;

import dev.sluice.origin.media.KeyId;
import java.util.Arrays;

/**
 * A content key, unwrapped: 16 bytes that nothing prints. Its holder closes it, which wipes them.
 *
 * <p>Only {@code encrypt} and {@code license} may ask for the bytes.
 */
public final class ContentKey implements AutoCloseable {

  /** The length of a content key in bytes. */
  public static final int BYTES = 16;

  private final KeyId id;
  private final byte[] value;

  private ContentKey(KeyId id, byte[] value) {
    this.id = id;
    this.value = value;
  }

  /**
   * A key of these bytes.
   *
   * <p>Ownership: takes the array, and wipes it when closed.
   */
  public static ContentKey taking(KeyId id, byte[] value) {
    if (value.length != BYTES) {
      throw new IllegalArgumentException(
          "content key: %d bytes (expected: 16)".formatted(value.length));
    }
    return new ContentKey(id, value);
  }

  /** Its id. */
  public KeyId id() {
    return id;
  }

  /** A copy of the 16 bytes. Ownership: the caller wipes it. */
  public byte[] copyValue() {
    return value.clone();
  }

  @Override
  public void close() {
    Arrays.fill(value, (byte) 0);
  }

  @Override
  public String toString() {
    return "ContentKey[" + id + "]";
  }
}
