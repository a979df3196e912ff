package dev.sluice.crypto;

/** Two numbers of 32 bits in one of 64, as native code finds them in memory: little-endian. */
final class Packing {
  private Packing() {}

  static long pair(int first, int second) {
    return (long) second << Integer.SIZE | Integer.toUnsignedLong(first);
  }

  static int first(long pair) {
    return (int) pair;
  }

  static int second(long pair) {
    return (int) (pair >>> Integer.SIZE);
  }
}
