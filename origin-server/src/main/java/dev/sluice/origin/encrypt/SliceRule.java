package dev.sluice.origin.encrypt;

/** How much of the bytes behind a slice's header is protected: its last ones. */
enum SliceRule {
  /** Whole AES blocks; the remainder goes to the clear run before them (CENC 9.5.2). */
  CENC {
    @Override
    int protectedBytes(int payloadBytes) {
      return payloadBytes - payloadBytes % BLOCK_BYTES;
    }
  };

  private static final int BLOCK_BYTES = 16;

  abstract int protectedBytes(int payloadBytes);
}
