package dev.sluice.benchmarks.load;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that all sessions together may gather at once. Nobody waits: who holds some may want more.
 */
final class MemoryBudget {
  private final long totalBytes;
  private final AtomicLong takenBytes = new AtomicLong();

  MemoryBudget(long totalBytes) {
    this.totalBytes = totalBytes;
  }

  /**
   * Takes some.
   *
   * @throws LoadFailure if there is not so much left
   */
  void take(int bytes) throws LoadFailure {
    if (takenBytes.addAndGet(bytes) > totalBytes) {
      takenBytes.addAndGet(-bytes);
      throw new LoadFailure(
          "memory of the tool",
          "manifests: too large for all sessions at once (expected: <= %d bytes; a longer --ramp, or a larger -Xmx)"
              .formatted(totalBytes));
    }
  }

  /** Gives back what was taken. */
  void release(int bytes) {
    takenBytes.addAndGet(-bytes);
  }
}
