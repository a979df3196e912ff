package dev.sluice.origin.segment.ts;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Writes pieces of a segment, straight into their buffers.
 *
 * <pre>
 *   1. read      |                | run | run | run |   all source bytes to the end of the piece
 *   2. encrypt   |                | ru# | r#n | #un |   where they lie
 *   3. spread    | head | run | head | run | head | run |   each forward to its place
 * </pre>
 *
 * <p>Source bytes are never moved over those that are still to be moved: behind each byte there is
 * as much room as it and all that follow it need, since between two of them there is never less to
 * be written than there is in the source.
 *
 * <p>Keeps where it stands, so that a piece that follows the last one costs no search.
 */
final class PieceWriter {

  /** The longest piece; with its source bytes it stays in a core's second-level cache. */
  static final int MAX_BYTES = 256 * 1024;

  private static final int NO_RUN = -2;

  private final SegmentPlan plan;
  private final List<SampleSource> sources;
  private final RunCipher cipher;

  /** Goes over a piece to find what has to be read. */
  private final PayloadCursor reading;

  /** Goes over it to write it; then stands at its end. */
  private final PayloadCursor writing;

  /** Where {@link #writing} stands; -1 if nobody knows. */
  private long nextBytes = -1;

  private int unit;

  private int extents;
  private int[] extentStreams = new int[8];
  private long[] extentOffsets = new long[8];
  private int[] extentBytes = new int[8];
  private int sourceBytes;

  /** The run that source bytes were last read or written of. */
  private int lastRun;

  private final byte[] head = new byte[TsPacket.BYTES];

  /** Where in the piece the next byte is written. */
  private int to;

  /** Where in the piece the next source byte is. */
  private int from;

  PieceWriter(SegmentPlan plan, List<SampleSource> sources) {
    this.plan = plan;
    this.sources = sources;
    this.cipher = new RunCipher(plan, sources);
    this.reading = new PayloadCursor(plan);
    this.writing = new PayloadCursor(plan);
  }

  /**
   * Fills a piece.
   *
   * @param positionBytes in the segment, behind the tables
   * @param piece from 0 to its limit, at most {@link #MAX_BYTES}, big-endian; borrowed
   * @param waits whether it may wait for storage
   * @return whether it did; if not, the next piece may be the same
   */
  boolean write(long positionBytes, ByteBuffer piece, boolean waits) {
    long end = positionBytes + piece.limit();
    int first = unitAt(positionBytes);
    if (positionBytes != nextBytes) {
      nextBytes = -1;
      writing.seek(first, payloadBefore(first, positionBytes));
    }
    reading.copy(writing);
    gather(first, positionBytes, end);
    int begin = piece.limit() - sourceBytes;
    if (!read(piece, begin, waits) || !cipher.prepare(waits)) {
      return false;
    }
    nextBytes = -1;
    if (plan.isEncrypted()) {
      cipher.encrypt(piece.slice(begin, sourceBytes));
    }
    to = 0;
    from = begin;
    lastRun = NO_RUN;
    spread(first, positionBytes, piece);
    nextBytes = end;
    return true;
  }

  private int unitAt(long position) {
    long number = position / TsPacket.BYTES;
    boolean near = number >= plan.firstPacket(unit) && number < plan.firstPacket(unit + 1);
    if (!near) {
      unit = plan.unitAt(number);
    }
    return unit;
  }

  private int payloadBefore(int inUnit, long position) {
    int index = (int) (position / TsPacket.BYTES - plan.firstPacket(inUnit));
    return plan.packet(inUnit).payloadBefore(index, (int) (position % TsPacket.BYTES));
  }

  /** Finds what has to be read for a piece. */
  private void gather(int firstUnit, long position, long end) {
    extents = 0;
    sourceBytes = 0;
    lastRun = NO_RUN;
    cipher.begin();
    for (int u = firstUnit; plan.firstPacket(u) * TsPacket.BYTES < end; u++) {
      int skipped = 0;
      if (plan.firstPacket(u) * TsPacket.BYTES >= position) {
        reading.begin(u);
      } else {
        skipped = payloadBefore(u, position);
      }
      boolean whole = plan.firstPacket(u + 1) * TsPacket.BYTES <= end;
      int payloadEnd = whole ? plan.payloadBytes(u) : payloadBefore(u, end);
      gather(plan.streamOf(u), payloadEnd - skipped);
      if (u + 1 == plan.unitCount()) {
        return;
      }
    }
  }

  private void gather(int stream, int payloadBytes) {
    int rest = payloadBytes;
    while (rest > 0) {
      int count = reading.next(rest);
      rest -= count;
      if (reading.isSource()) {
        addSource(stream, reading.run(), reading.from(), count);
      }
    }
  }

  private void addSource(int stream, int run, int runFrom, int count) {
    int gap = gapBefore(run, runFrom);
    if (lastRun == run || gap >= 0) {
      int joined = Math.max(0, gap) + count;
      extentBytes[extents - 1] += joined;
      sourceBytes += joined;
    } else {
      addExtent(stream, plan.runOffset(run) + runFrom, count);
    }
    if (plan.isEncrypted(run)) {
      cipher.add(stream, run, runFrom, count, sourceBytes - count);
    }
    lastRun = run;
  }

  private void addExtent(int stream, long offset, int count) {
    if (extents == extentBytes.length) {
      extentStreams = Arrays.copyOf(extentStreams, 2 * extents);
      extentOffsets = Arrays.copyOf(extentOffsets, 2 * extents);
      extentBytes = Arrays.copyOf(extentBytes, 2 * extents);
    }
    extentStreams[extents] = stream;
    extentOffsets[extents] = offset;
    extentBytes[extents] = count;
    extents++;
    sourceBytes += count;
  }

  /** What lies between the last source byte and this run, where both are read at once; else -1. */
  private int gapBefore(int run, int runFrom) {
    return runFrom == 0 && lastRun == run - 1 && plan.isJoined(run)
        ? (int) (plan.runOffset(run) - plan.runOffset(run - 1) - plan.runBytes(run - 1))
        : -1;
  }

  private boolean read(ByteBuffer piece, int begin, boolean waits) {
    int at = begin;
    for (int i = 0; i < extents; i++) {
      var object = sources.get(extentStreams[i]).object();
      var extent = piece.slice(at, extentBytes[i]);
      if (waits) {
        object.readFully(extentOffsets[i], extent);
      } else if (!object.readNow(extentOffsets[i], extent)) {
        return false;
      }
      at += extentBytes[i];
    }
    return true;
  }

  private void spread(int firstUnit, long position, ByteBuffer piece) {
    int packetByte = (int) (position % TsPacket.BYTES);
    int index = (int) (position / TsPacket.BYTES - plan.firstPacket(firstUnit));
    unit = firstUnit;
    while (true) {
      if (index == 0 && packetByte == 0) {
        writing.begin(unit);
      }
      spreadUnit(index, packetByte, piece);
      if (to == piece.limit()) {
        return;
      }
      unit++;
      index = 0;
      packetByte = 0;
    }
  }

  private void spreadUnit(int firstIndex, int firstByte, ByteBuffer piece) {
    var packet = plan.packet(unit);
    int counter = plan.counter(unit);
    int end = (int) (plan.firstPacket(unit + 1) - plan.firstPacket(unit));
    int index = firstIndex;
    int packetByte = firstByte;
    while (index < end && to < piece.limit()) {
      int full = Math.min(packet.fullEnd() - index, (piece.limit() - to) / TsPacket.BYTES);
      if (index > 0 && packetByte == 0 && full > 0) {
        putFull(packet.stream().pid(), counter + index, full, piece);
        index += full;
      } else {
        putPacket(packet, index, counter, packetByte, piece);
        packetByte = 0;
        index++;
      }
    }
  }

  /** Writes a packet from this byte on, up to the end of the piece. */
  private void putPacket(
      PesPacket packet, int index, int counter, int packetByte, ByteBuffer piece) {
    int headBytes = packet.putHead(index, counter, head);
    int end = Math.min(TsPacket.BYTES, packetByte + piece.limit() - to);
    int ofHead = Math.min(headBytes, end) - packetByte;
    if (ofHead > 0) {
      piece.put(to, head, packetByte, ofHead);
      to += ofHead;
    }
    putPayload(end - Math.max(headBytes, packetByte), piece);
  }

  /** Writes packets that have a header of 4 bytes and payload. */
  private void putFull(int pid, int counter, int packets, ByteBuffer piece) {
    int done = 0;
    while (done < packets) {
      int straight = Math.min(packets - done, writing.sourceAhead() / TsPacket.CAPACITY_BYTES);
      if (straight > 0) {
        skipGap(writing.run(), writing.runAt());
        for (int i = 0; i < straight; i++) {
          piece.putInt(to, TsPacket.payloadHeader(pid, counter + done + i));
          piece.put(to + TsPacket.HEADER_BYTES, piece, from, TsPacket.CAPACITY_BYTES);
          to += TsPacket.BYTES;
          from += TsPacket.CAPACITY_BYTES;
        }
        writing.skipSource(straight * TsPacket.CAPACITY_BYTES);
        done += straight;
      } else {
        piece.putInt(to, TsPacket.payloadHeader(pid, counter + done));
        to += TsPacket.HEADER_BYTES;
        putPayload(TsPacket.CAPACITY_BYTES, piece);
        done++;
      }
    }
  }

  private void putPayload(int payloadBytes, ByteBuffer piece) {
    int rest = payloadBytes;
    while (rest > 0) {
      int count = writing.next(rest);
      rest -= count;
      if (writing.isSource()) {
        skipGap(writing.run(), writing.from());
        piece.put(to, piece, from, count);
        from += count;
      } else {
        piece.put(to, writing.bytes(), writing.from(), count);
      }
      to += count;
    }
  }

  /** Passes over what was read with the source bytes and is not written. */
  private void skipGap(int run, int runFrom) {
    from += Math.max(0, gapBefore(run, runFrom));
    lastRun = run;
  }
}
