package dev.sluice.benchmarks.load;

import java.util.Arrays;

/** Gathers a body that has to be small. */
final class BoundedBody implements BodySink, AutoCloseable {
  private static final int FIRST_BYTES = 4096;

  private final int maxBytes;
  private final MemoryBudget budget;
  private byte[] bytes = new byte[0];
  private int count;

  /**
   * @param maxBytes of the body
   * @param budget from which its bytes are taken, until it is closed
   */
  BoundedBody(int maxBytes, MemoryBudget budget) {
    this.maxBytes = maxBytes;
    this.budget = budget;
  }

  @Override
  public void accept(byte[] more, int offset, int length) throws LoadFailure {
    if (length > maxBytes - count) {
      throw new LoadFailure(
          "too large", "body: too large (expected: <= %d bytes)".formatted(maxBytes));
    }
    if (count + length > bytes.length) {
      grow(Math.max(count + length, Math.max(FIRST_BYTES, 2 * bytes.length)));
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

  /** Overwrites what was gathered, since it may be a key, and gives its memory back. */
  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
    budget.release(bytes.length);
    bytes = new byte[0];
    count = 0;
  }

  private void grow(int wanted) throws LoadFailure {
    int room = Math.min(maxBytes, wanted);
    budget.take(room - bytes.length);
    byte[] larger = Arrays.copyOf(bytes, room);
    Arrays.fill(bytes, (byte) 0);
    bytes = larger;
  }
}
