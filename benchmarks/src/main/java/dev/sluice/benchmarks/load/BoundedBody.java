package dev.sluice.benchmarks.load;

import java.util.Arrays;

/** Gathers a body that has to be small. */
final class BoundedBody implements BodySink {
  private static final int FIRST_BYTES = 4096;

  private final int maxBytes;
  private byte[] bytes;
  private int count;

  BoundedBody(int maxBytes) {
    this.maxBytes = maxBytes;
    this.bytes = new byte[Math.min(maxBytes, FIRST_BYTES)];
  }

  @Override
  public void accept(byte[] more, int offset, int length) throws LoadFailure {
    if (length > maxBytes - count) {
      throw new LoadFailure(
          "too large", "body: too large (expected: <= %d bytes)".formatted(maxBytes));
    }
    if (count + length > bytes.length) {
      byte[] larger =
          Arrays.copyOf(bytes, Math.min(maxBytes, Math.max(2 * bytes.length, count + length)));
      wipe();
      bytes = larger;
    }
    System.arraycopy(more, offset, bytes, count, length);
    count += length;
  }

  @Override
  public void end() {}

  /** A copy of all of it. */
  byte[] toArray() {
    return Arrays.copyOf(bytes, count);
  }

  /** Overwrites what was gathered: it may be a key. */
  void wipe() {
    Arrays.fill(bytes, (byte) 0);
  }
}
