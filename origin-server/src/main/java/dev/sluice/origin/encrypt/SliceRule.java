package dev.sluice.origin.encrypt;

import dev.sluice.origin.media.Scheme;

/** How much of the bytes behind a slice's header is protected, its last ones, and in what map. */
enum SliceRule {
  /** Whole AES blocks; the remainder goes to the clear run before them (CENC 9.5.2). */
  CENC(CencIvs.IV_BYTES) {
    @Override
    int protectedBytes(int payloadBytes) {
      return payloadBytes - payloadBytes % BLOCK_BYTES;
    }
  },

  /**
   * All of them, in no alignment: clients find the same range from the slice alone, without the
   * map. What is left behind the last whole block is named protected and stays as it is (CENC
   * 10.4.2).
   */
  CBCS(0) {
    @Override
    int protectedBytes(int payloadBytes) {
      return payloadBytes;
    }
  };

  private static final int BLOCK_BYTES = 16;
  private static final int MAX_ENTRY_BYTES = 255;
  private static final int COUNT_BYTES = 2;
  private static final int SUBSAMPLE_BYTES = 6;

  private final int ivBytes;

  SliceRule(int ivBytes) {
    this.ivBytes = ivBytes;
  }

  static SliceRule of(Scheme scheme) {
    return switch (scheme) {
      case CENC -> CENC;
      case CBCS -> CBCS;
      case CLEAR, CBC ->
          throw new IllegalArgumentException(
              "scheme: %s (expected: CENC or CBCS)".formatted(scheme));
    };
  }

  abstract int protectedBytes(int payloadBytes);

  /** What fits {@code saiz}, whose sizes have 8 bits: an IV, a count, and so many entries. */
  int maxSubsamples() {
    return (MAX_ENTRY_BYTES - COUNT_BYTES - ivBytes) / SUBSAMPLE_BYTES;
  }
}
