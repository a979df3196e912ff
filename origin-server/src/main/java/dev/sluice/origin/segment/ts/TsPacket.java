package dev.sluice.origin.segment.ts;

import java.util.Arrays;

/**
 * A transport packet.
 *
 * <pre>
 *   sync_byte (8) = 47 | transport_error_indicator (1) = 0 | payload_unit_start_indicator (1)
 *   transport_priority (1) = 0 | PID (13)
 *   transport_scrambling_control (2) = 0 | adaptation_field_control (2) | continuity_counter (4)
 *   adaptation field: length (8) | flags (8) | PCR (48) | stuffing ff
 *   payload
 * </pre>
 *
 * <p>Spec: ISO/IEC 13818-1 2.4.3.
 */
final class TsPacket {

  /** The size of a packet. */
  static final int BYTES = 188;

  static final int HEADER_BYTES = 4;

  /** What fits behind the header. */
  static final int CAPACITY_BYTES = BYTES - HEADER_BYTES;

  /** The adaptation field with a PCR and no stuffing. */
  static final int PCR_FIELD_BYTES = 8;

  /** The adaptation field with flags only. */
  static final int FLAGS_FIELD_BYTES = 2;

  /** adaptation_field_control: no adaptation field. */
  static final int PAYLOAD = 1;

  /** adaptation_field_control: an adaptation field only. */
  static final int ADAPTATION = 2;

  private static final int RANDOM_ACCESS = 0x40;
  private static final int PCR = 0x10;

  private TsPacket() {}

  static void putHeader(
      byte[] out, int at, int pid, boolean unitStart, int adaptationControl, int counter) {
    out[at] = 0x47;
    out[at + 1] = (byte) ((unitStart ? 0x40 : 0) | pid >> 8);
    out[at + 2] = (byte) pid;
    out[at + 3] = (byte) (adaptationControl << 4 | (counter & 0xf));
  }

  /** The header of a packet without an adaptation field, in which no unit starts, big-endian. */
  static int payloadHeader(int pid, int counter) {
    return 0x47 << 24 | pid << 8 | PAYLOAD << 4 | (counter & 0xf);
  }

  /** An adaptation field of this size, at least 1, without flags. */
  static void putStuffing(byte[] out, int at, int sizeBytes) {
    out[at] = (byte) (sizeBytes - 1);
    if (sizeBytes > 1) {
      out[at + 1] = 0;
      Arrays.fill(out, at + FLAGS_FIELD_BYTES, at + sizeBytes, (byte) 0xff);
    }
  }

  /** Sets random_access_indicator in a field of at least 2 bytes. */
  static void putRandomAccess(byte[] out, int at) {
    out[at + 1] |= RANDOM_ACCESS;
  }

  /** Puts a PCR of this many ticks of 90 kHz into a field of at least 8 bytes. */
  static void putPcr(byte[] out, int at, long pcr) {
    out[at + 1] |= PCR;
    long base = pcr & ((1L << 33) - 1);
    out[at + 2] = (byte) (base >> 25);
    out[at + 3] = (byte) (base >> 17);
    out[at + 4] = (byte) (base >> 9);
    out[at + 5] = (byte) (base >> 1);
    out[at + 6] = (byte) ((base & 1) << 7 | 0x7e); // reserved bits, extension 0
    out[at + 7] = 0;
  }
}
