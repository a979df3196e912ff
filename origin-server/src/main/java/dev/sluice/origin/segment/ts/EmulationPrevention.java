package dev.sluice.origin.segment.ts;

/**
 * Keeps start codes out of a NAL unit: behind two zero bytes, one of at most 3 gets a 3 in front.
 *
 * <p>Spec: AVC 7.4.1.1.
 */
final class EmulationPrevention {
  private static final int INSERTED = 3;

  private EmulationPrevention() {}

  /** Appends a unit with the bytes that it needs. */
  static void append(byte[] nal, int offset, int lengthBytes, ByteSink out) {
    int end = offset + lengthBytes;
    int copied = offset;
    int zeros = 0;
    for (int at = offset; at < end; at++) {
      int value = nal[at] & 0xff;
      if (zeros == 2 && value <= INSERTED) {
        out.put(nal, copied, at - copied);
        out.put(INSERTED);
        copied = at;
        zeros = 0;
      }
      zeros = value == 0 ? zeros + 1 : 0;
    }
    out.put(nal, copied, end - copied);
  }
}
