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
 * @param payloadBytes what it carries, in the byte stream format
 * @param presentation PTS on the 90 kHz clock, not wrapped
 * @param decode DTS on the 90 kHz clock, not wrapped, at most {@code presentation}
 * @param randomAccess whether decoding can begin here
 * @param stream whose it is
 * @param hasPcr whether the stream carries the PCR
 * @param stuffingBytes in the header
 * @param packets that carry it, more than it needs where they are to be a multiple of 16
 */
record PesPacket(
    int payloadBytes,
    long presentation,
    long decode,
    boolean randomAccess,
    ProgramTables.Stream stream,
    boolean hasPcr,
    int stuffingBytes,
    int packets) {

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
    var packet =
        new PesPacket(
            unit.payloadBytes(),
            unit.presentation(),
            unit.decode(),
            unit.randomAccess(),
            stream,
            hasPcr,
            0,
            0);
    return packet.in(0, packet.leastPackets());
  }

  /**
   * The same in this many transport packets more. Each has to carry a byte at least; where there
   * are too few, the header is stuffed.
   */
  PesPacket spreadBy(int more) {
    int needed = packets + more;
    return in(Math.max(0, needed - 1 - payloadBytes), needed);
  }

  private PesPacket in(int stuffing, int transportPackets) {
    return new PesPacket(
        payloadBytes,
        presentation,
        decode,
        randomAccess,
        stream,
        hasPcr,
        stuffing,
        transportPackets);
  }

  /**
   * How many packets follow that carry nothing but a PCR.
   *
   * @param duration to the next unit, on the 90 kHz clock
   */
  static int pcrPackets(long duration) {
    return Math.clamp((duration - 1) / PCR_INTERVAL, 0, MAX_PCR_PACKETS);
  }

  /**
   * Writes all of one of its transport packets that is not payload.
   *
   * @param index from 0; behind the last one that carries it are those with a PCR only
   * @param counter the continuity counter of packet 0
   * @param out of at least a packet
   * @return how many bytes these are: the payload fills up the packet
   */
  int putHead(int index, int counter, byte[] out) {
    if (index >= packets) {
      putPcrPacket(index - packets + 1, counter + packets - 1, out);
      return TsPacket.BYTES;
    }
    int field = TsPacket.CAPACITY_BYTES - shareBytes(index);
    TsPacket.putHeader(out, 0, stream.pid(), index == 0, field > 0 ? 3 : 1, counter + index);
    if (field > 0) {
      TsPacket.putStuffing(out, TsPacket.HEADER_BYTES, field);
    }
    if (index == 0 && field > 0) {
      putFirstField(out);
    }
    return TsPacket.HEADER_BYTES + field + putHeader(index, out, TsPacket.HEADER_BYTES + field);
  }

  /** How many bytes of the payload lie before this byte of one of its transport packets. */
  int payloadBefore(int index, int packetByte) {
    if (index >= packets) {
      return payloadBytes;
    }
    int share = shareBytes(index);
    int carried = Math.max(0, packetByte - (TsPacket.BYTES - share));
    return Math.max(0, startBytes(index) + carried - headerBytes());
  }

  /** The packets from 1 up to this one carry payload only, and as much as fits. */
  int fullEnd() {
    return isSpread() ? 1 : packets - 1;
  }

  private void putFirstField(byte[] out) {
    if (randomAccess) {
      TsPacket.putRandomAccess(out, TsPacket.HEADER_BYTES);
    }
    if (hasPcr) {
      TsPacket.putPcr(out, TsPacket.HEADER_BYTES, decode - PCR_LEAD);
    }
  }

  private void putPcrPacket(int interval, int counter, byte[] out) {
    TsPacket.putHeader(out, 0, stream.pid(), false, TsPacket.ADAPTATION, counter);
    TsPacket.putStuffing(out, TsPacket.HEADER_BYTES, TsPacket.CAPACITY_BYTES);
    long pcr = decode - PCR_LEAD + (long) interval * PCR_INTERVAL;
    TsPacket.putPcr(out, TsPacket.HEADER_BYTES, pcr);
  }

  private int timedHeaderBytes() {
    int times = presentation == decode ? 1 : 2;
    return FIXED_BYTES + times * TIME_BYTES;
  }

  /** The size of its header. */
  int headerBytes() {
    return timedHeaderBytes() + stuffingBytes;
  }

  private int sizeBytes() {
    return headerBytes() + payloadBytes;
  }

  private int firstCapacityBytes() {
    if (hasPcr) {
      return TsPacket.CAPACITY_BYTES - TsPacket.PCR_FIELD_BYTES;
    }
    return TsPacket.CAPACITY_BYTES - (randomAccess ? TsPacket.FLAGS_FIELD_BYTES : 0);
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
    return Math.clamp(Math.ceilDiv(sizeBytes(), packets), timedHeaderBytes(), most);
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

  /** Puts what a transport packet has of the header. How many bytes these are. */
  private int putHeader(int index, byte[] out, int at) {
    int count = Math.clamp(headerBytes() - startBytes(index), 0, shareBytes(index));
    Arrays.fill(out, at, at + count, (byte) 0xff);
    // All but the stuffing is in the first one.
    if (index == 0) {
      putTimedHeader(out, at);
    }
    return count;
  }

  private void putTimedHeader(byte[] out, int at) {
    int rest = sizeBytes() - LENGTH_COUNTS_FROM;
    out[at] = 0;
    out[at + 1] = 0;
    out[at + 2] = 1;
    out[at + 3] = (byte) stream.streamId();
    // Video packets may be longer than the field can say: 0 means up to the next start.
    out[at + 4] = (byte) (rest > LENGTH_MAX ? 0 : rest >> 8);
    out[at + 5] = (byte) (rest > LENGTH_MAX ? 0 : rest);
    out[at + 6] = (byte) 0x84;
    boolean same = presentation == decode;
    out[at + 7] = (byte) (same ? 0x80 : 0xc0);
    out[at + 8] = (byte) (headerBytes() - FIXED_BYTES);
    putTime(out, at + FIXED_BYTES, same ? 2 : 3, presentation);
    if (!same) {
      putTime(out, at + FIXED_BYTES + TIME_BYTES, 1, decode);
    }
  }

  private static void putTime(byte[] out, int at, int prefix, long time) {
    out[at] = (byte) (prefix << 4 | (int) (time >> 29 & 0xe) | 1);
    out[at + 1] = (byte) (time >> 22);
    out[at + 2] = (byte) (time >> 14 | 1);
    out[at + 3] = (byte) (time >> 7);
    out[at + 4] = (byte) (time << 1 | 1);
  }
}
