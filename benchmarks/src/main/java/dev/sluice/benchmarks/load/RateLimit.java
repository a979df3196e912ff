package dev.sluice.benchmarks.load;

import java.util.concurrent.TimeUnit;

/** Holds a reader to so many bytes a second. For one thread. */
final class RateLimit {
  /** A read is for at most so much of a second, so that what comes is even. */
  private static final int READS_PER_SECOND = 20;

  private static final int MIN_READ_BYTES = 1024;

  private final long bytesPerSecond;
  private long freeAtNanos = System.nanoTime();

  /**
   * @param bitsPerSecond 0: no limit
   */
  RateLimit(long bitsPerSecond) {
    this.bytesPerSecond = bitsPerSecond == 0 ? 0 : Math.max(1, bitsPerSecond / 8);
  }

  /** How much to read at once. */
  int readBytes(int room) {
    if (bytesPerSecond == 0) {
      return room;
    }
    return (int) Math.min(room, Math.max(MIN_READ_BYTES, bytesPerSecond / READS_PER_SECOND));
  }

  /** Waits as long as so many bytes take. */
  void pass(long bytes) throws InterruptedException {
    if (bytesPerSecond == 0) {
      return;
    }
    long now = System.nanoTime();
    freeAtNanos = Math.max(freeAtNanos, now) + TimeUnit.SECONDS.toNanos(bytes) / bytesPerSecond;
    TimeUnit.NANOSECONDS.sleep(freeAtNanos - now);
  }

  /** How long so many bytes take. */
  long nanosFor(long bytes) {
    return bytesPerSecond == 0
        ? 0
        : (long) ((double) bytes / bytesPerSecond * TimeUnit.SECONDS.toNanos(1));
  }
}
