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
    int at = offset;
    while (at + 2 < end) {
      if ((nal[at + 2] & 0xff) > INSERTED) {
        at += 3; // it is part of no pattern
      } else if (nal[at] == 0 && nal[at + 1] == 0) {
        at += 2;
        out.put(nal, copied, at - copied);
        out.put(INSERTED);
        copied = at;
      } else {
        at++;
      }
    }
    out.put(nal, copied, end - copied);
  }
}
