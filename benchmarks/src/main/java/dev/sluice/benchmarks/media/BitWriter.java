package dev.sluice.benchmarks.media;

import java.io.ByteArrayOutputStream;

/** Bits in the order of AVC, the highest of each byte first. */
final class BitWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int held;
  private int heldBits;

  /** Appends the low {@code count} bits, at most 32. */
  BitWriter bits(int count, long value) {
    for (int i = count - 1; i >= 0; i--) {
      held = held << 1 | (int) (value >> i & 1);
      heldBits++;
      if (heldBits == Byte.SIZE) {
        bytes.write(held);
        held = 0;
        heldBits = 0;
      }
    }
    return this;
  }

  /** Appends a flag. */
  BitWriter flag(boolean value) {
    return bits(1, value ? 1 : 0);
  }

  /** Appends an unsigned Exp-Golomb code (AVC 9.1). */
  BitWriter ue(int value) {
    int length = Integer.SIZE - Integer.numberOfLeadingZeros(value + 1);
    return bits(length - 1, 0).bits(length, value + 1);
  }

  /** Appends a signed Exp-Golomb code (AVC 9.1.1). */
  BitWriter se(int value) {
    return ue(value > 0 ? 2 * value - 1 : -2 * value);
  }

  /** The bytes, the last one filled up with ones. */
  byte[] filledWithOnes() {
    while (heldBits > 0) {
      bits(1, 1);
    }
    return bytes.toByteArray();
  }

  /** The bytes, ended as parameter sets are: with a one and zeros. */
  byte[] ended() {
    bits(1, 1);
    while (heldBits > 0) {
      bits(1, 0);
    }
    return bytes.toByteArray();
  }
}
