package dev.sluice.origin.segment.ts;

import java.util.Arrays;

/**
 * A PES packet, and how it lies in transport packets: its own, and behind them those that carry a
 * PCR only, where the next unit is more than 100 ms away.
 *
 * <pre>
 *   packet_start_code_prefix (24) = 1 | stream_id (8) | PES_packet_length (16)
 *   '10', data_alignment_indicator = 1 (8) | PTS_DTS_flags (8) | PES_header_data_length (8)
 *   PTS (40) | DTS (40) where it differs | stuffing ff
 *   payload
 * </pre>
 *
 * <p>Spec: ISO/IEC 13818-1 2.4.3.6.
 *
 * @param unit what it carries
 * @param stream whose it is
 * @param hasPcr whether the stream carries the PCR
 * @param stuffingBytes in the header
 * @param packets that carry it, more than it needs where they are to be a multiple of 16
 */
record PesPacket(
    AccessUnit unit, ProgramTables.Stream stream, boolean hasPcr, int stuffingBytes, int packets) {

  /** By how much PCRs are before decode times: 100 ms for a unit's bytes to arrive. */
  static final int PCR_LEAD = 9_000;

  private static final int PCR_INTERVAL = StreamClock.HZ / 10;
  private static final int MAX_PCR_PACKETS = 100;
  private static final int FIXED_BYTES = 9;
  private static final int TIME_BYTES = 5;
  private static final int LENGTH_MAX = 0xffff;
  private static final int LENGTH_COUNTS_FROM = 6;

  /** A packet in as few transport packets as it needs. */
  static PesPacket of(AccessUnit unit, ProgramTables.Stream stream, boolean hasPcr) {
    var packet = new PesPacket(unit, stream, hasPcr, 0, 0);
    return new PesPacket(unit, stream, hasPcr, 0, packet.leastPackets());
  }

  /**
   * The same in this many transport packets more. Each has to carry a byte at least; where there
   * are too few, the header is stuffed.
   */
  PesPacket spreadBy(int more) {
    int needed = packets + more;
    int stuffing = Math.max(0, needed - 1 - unit.payloadBytes());
    return new PesPacket(unit, stream, hasPcr, stuffing, needed);
  }

  /** How many packets follow that carry nothing but a PCR. */
  int pcrPackets() {
    if (!hasPcr) {
      return 0;
    }
    return Math.clamp((unit.duration() - 1) / PCR_INTERVAL, 0, MAX_PCR_PACKETS);
  }

  /** All of its transport packets. */
  int allPackets() {
    return packets + pcrPackets();
  }

  /**
   * Writes one of its transport packets.
   *
   * @param index from 0, less than {@link #allPackets}
   * @param counter the continuity counter of packet 0
   * @param payload of the unit
   */
  void write(int index, int counter, ByteSink payload, byte[] out) {
    if (index >= packets) {
      writePcr(index - packets + 1, counter + packets - 1, out);
      return;
    }
    int carried = shareBytes(index);
    int field = TsPacket.CAPACITY_BYTES - carried;
    TsPacket.putHeader(out, 0, stream.pid(), index == 0, field > 0 ? 3 : 1, counter + index);
    if (field > 0) {
      TsPacket.putStuffing(out, TsPacket.HEADER_BYTES, field);
      if (index == 0) {
        putFirstField(out);
      }
    }
    copy(startBytes(index), carried, payload, out, TsPacket.HEADER_BYTES + field);
  }

  private void putFirstField(byte[] out) {
    if (unit.randomAccess()) {
      TsPacket.putRandomAccess(out, TsPacket.HEADER_BYTES);
    }
    if (hasPcr) {
      TsPacket.putPcr(out, TsPacket.HEADER_BYTES, unit.decode() - PCR_LEAD);
    }
  }

  private void writePcr(int interval, int counter, byte[] out) {
    TsPacket.putHeader(out, 0, stream.pid(), false, TsPacket.ADAPTATION, counter);
    TsPacket.putStuffing(out, TsPacket.HEADER_BYTES, TsPacket.CAPACITY_BYTES);
    long pcr = unit.decode() - PCR_LEAD + (long) interval * PCR_INTERVAL;
    TsPacket.putPcr(out, TsPacket.HEADER_BYTES, pcr);
  }

  private int headerBytes() {
    int times = unit.presentation() == unit.decode() ? 1 : 2;
    return FIXED_BYTES + times * TIME_BYTES;
  }

  private int sizeBytes() {
    return headerBytes() + stuffingBytes + unit.payloadBytes();
  }

  private int firstCapacityBytes() {
    if (hasPcr) {
      return TsPacket.CAPACITY_BYTES - TsPacket.PCR_FIELD_BYTES;
    }
    return TsPacket.CAPACITY_BYTES - (unit.randomAccess() ? TsPacket.FLAGS_FIELD_BYTES : 0);
  }

  private int leastPackets() {
    int rest = Math.max(0, sizeBytes() - firstCapacityBytes());
    return 1 + Math.ceilDiv(rest, TsPacket.CAPACITY_BYTES);
  }

  private boolean isSpread() {
    return packets > leastPackets() || stuffingBytes > 0;
  }

  /** What the first packet carries: as much as fits, or its even share, but the header at least. */
  private int firstBytes() {
    int most = Math.min(firstCapacityBytes(), sizeBytes());
    if (!isSpread()) {
      return most;
    }
    return Math.clamp(Math.ceilDiv(sizeBytes(), packets), headerBytes(), most);
  }

  /** Where in the PES packet a transport packet begins. */
  private int startBytes(int index) {
    if (index == 0) {
      return 0;
    }
    int first = firstBytes();
    long rest = (long) sizeBytes() - first;
    return isSpread()
        ? first + (int) (rest * (index - 1) / (packets - 1))
        : first + (index - 1) * TsPacket.CAPACITY_BYTES;
  }

  private int shareBytes(int index) {
    int end = index + 1 == packets ? sizeBytes() : startBytes(index + 1);
    return end - startBytes(index);
  }

  private void copy(int from, int count, ByteSink payload, byte[] out, int at) {
    int header = headerBytes() + stuffingBytes;
    int ofHeader = Math.clamp(header - from, 0, count);
    if (ofHeader > 0) {
      System.arraycopy(header(), from, out, at, ofHeader);
    }
    System.arraycopy(
        payload.array(), Math.max(0, from - header), out, at + ofHeader, count - ofHeader);
  }

  private byte[] header() {
    byte[] header = new byte[headerBytes() + stuffingBytes];
    Arrays.fill(header, (byte) 0xff);
    int length = sizeBytes() - LENGTH_COUNTS_FROM;
    header[0] = 0;
    header[1] = 0;
    header[2] = 1;
    header[3] = (byte) stream.streamId();
    // Video packets may be longer than the field can say: 0 means up to the next start.
    header[4] = (byte) (length > LENGTH_MAX ? 0 : length >> 8);
    header[5] = (byte) (length > LENGTH_MAX ? 0 : length);
    header[6] = (byte) 0x84;
    boolean same = unit.presentation() == unit.decode();
    header[7] = (byte) (same ? 0x80 : 0xc0);
    header[8] = (byte) (header.length - FIXED_BYTES);
    putTime(header, FIXED_BYTES, same ? 2 : 3, unit.presentation());
    if (!same) {
      putTime(header, FIXED_BYTES + TIME_BYTES, 1, unit.decode());
    }
    return header;
  }

  private static void putTime(byte[] out, int at, int prefix, long time) {
    out[at] = (byte) (prefix << 4 | (int) (time >> 29 & 0xe) | 1);
    out[at + 1] = (byte) (time >> 22);
    out[at + 2] = (byte) (time >> 14 | 1);
    out[at + 3] = (byte) (time >> 7);
    out[at + 4] = (byte) (time << 1 | 1);
  }
}
