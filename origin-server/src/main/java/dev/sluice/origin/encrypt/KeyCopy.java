package dev.sluice.origin.encrypt;

import dev.sluice.origin.key.ContentKey;
import java.util.Arrays;

/** The 16 bytes of a key for the time of one answer. Refuses to give them once it is closed. */
final class KeyCopy implements AutoCloseable {
  private final byte[] value;
  private boolean closed;

  KeyCopy(ContentKey key) {
    this.value = key.copyValue();
  }

  /** The bytes themselves: borrowed. */
  byte[] value() {
    if (closed) {
      throw new IllegalStateException("key: wiped (expected: read before the body is closed)");
    }
    return value;
  }

  @Override
  public void close() {
    closed = true;
    Arrays.fill(value, (byte) 0);
  }
}
