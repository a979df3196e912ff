package dev.sluice.origin.http;

import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of all answers that are in memory at one time. While few are, pieces are large; when
 * many readers are slow, pieces become small, so that ten thousand of them fit.
 */
final class InFlightBudget {
  private static final int SMALL_PIECE_BYTES = 16 << 10;
  private static final int MEMORY_SHARE = 4;

  private final long plentyBytes;
  private final AtomicLong inFlightBytes = new AtomicLong();

  /** A budget whose large pieces end at a quarter of the direct memory that Netty may use. */
  InFlightBudget() {
    this(PlatformDependent.maxDirectMemory() / MEMORY_SHARE);
  }

  InFlightBudget(long plentyBytes) {
    this.plentyBytes = plentyBytes;
  }

  /** How large the next piece may be. */
  int pieceBytes(int large) {
    return inFlightBytes.get() > plentyBytes ? Math.min(SMALL_PIECE_BYTES, large) : large;
  }

  void add(long bytes) {
    inFlightBytes.addAndGet(bytes);
  }
}
