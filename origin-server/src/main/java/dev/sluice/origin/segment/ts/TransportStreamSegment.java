package dev.sluice.origin.segment.ts;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.Body;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The body of a media segment as an MPEG-2 transport stream: PAT, PMT, and the PES packets of one
 * stream, or of video and audio in the order of their decode times.
 *
 * <p>A plan of the sizes of all PES packets is made at once; packets are made as they are asked
 * for, those of one access unit at a time.
 *
 * <p>A segment depends on no other, and segments that are fetched in any order from different
 * servers still follow each other without a break: times are converted each by itself, and the
 * continuity counter of each stream begins with 0, since the last unit of a stream is spread over
 * so many packets that those of a segment are a multiple of 16.
 *
 * <p>Spec: ISO/IEC 13818-1 2.4; RFC 8216 3.2.
 */
public final class TransportStreamSegment implements Body {
  private static final int COUNTER_CYCLE = 16;

  /** Minutes of audio; bounds the plan. */
  private static final int MAX_SAMPLES = 1 << 16;

  private record Planned(UnitSource source, PesPacket packet) {}

  private final List<ElementaryStream> streams;
  private final byte[] tables;
  private final List<Planned> units;

  /** The first transport packet of each unit in the segment, and the end of the last. */
  private final long[] firstPacket;

  /** The continuity counter of the first transport packet of each unit. */
  private final byte[] counter;

  private final ByteSink payload = new ByteSink();
  private final byte[] packet = new byte[TsPacket.BYTES];

  /** Which unit's bytes {@link #payload} has; -1 if none's. */
  private int loaded = -1;

  private TransportStreamSegment(
      List<ElementaryStream> streams, byte[] tables, List<Planned> units) {
    this.streams = streams;
    this.tables = tables;
    this.units = units;
    this.firstPacket = new long[units.size() + 1];
    this.counter = new byte[units.size()];
    place();
  }

  /**
   * A segment of these streams: one, or video and then audio.
   *
   * <p>Ownership: takes the streams' readers and ciphers once it returns, and closes them.
   *
   * @param segmentNumber the fragment's number in the track whose times the playlist lists
   * @throws dev.sluice.origin.failure.Failure if the samples cannot be read, or cannot be said in a
   *     transport stream
   */
  public static TransportStreamSegment of(int segmentNumber, List<ElementaryStream> streams) {
    var sources = new ArrayList<UnitSource>();
    var entries = new ArrayList<ProgramTables.Stream>();
    var plans = new ArrayList<List<Planned>>();
    for (var stream : streams) {
      var source = source(stream);
      boolean hasPcr = plans.isEmpty();
      sources.add(source);
      entries.add(source.programMapEntry());
      plans.add(plan(source, hasPcr));
    }
    requireOrder(sources);
    return new TransportStreamSegment(
        List.copyOf(streams), ProgramTables.packets(segmentNumber, entries), interleave(plans));
  }

  private static UnitSource source(ElementaryStream stream) {
    if (stream.samples().count() > MAX_SAMPLES) {
      throw new ContentFailure(
          FailureCode.MPE_INPUT_NOT_SUPPORTED,
          "samples in a segment: %d (expected: <= %d)"
              .formatted(stream.samples().count(), MAX_SAMPLES),
          "");
    }
    return switch (stream.track().codec()) {
      case AvcConfig _ -> new AvcUnits(stream);
      case AacConfig _ -> new AacUnits(stream);
    };
  }

  private static void requireOrder(List<UnitSource> sources) {
    boolean single = sources.size() == 1;
    boolean muxed =
        sources.size() == 2
            && sources.get(0) instanceof AvcUnits
            && sources.get(1) instanceof AacUnits;
    if (!single && !muxed) {
      throw new IllegalArgumentException("streams: expected: one, or video and then audio");
    }
  }

  /** The packets of one stream. Their number is a multiple of 16. */
  private static List<Planned> plan(UnitSource source, boolean hasPcr) {
    var entry = source.programMapEntry();
    var planned = new ArrayList<Planned>();
    long packets = 0;
    for (var unit : source.plan()) {
      var pes = PesPacket.of(unit, entry, hasPcr);
      planned.add(new Planned(source, pes));
      packets += pes.packets();
    }
    int more = (int) Math.floorMod(-packets, (long) COUNTER_CYCLE);
    if (more > 0) {
      var last = planned.removeLast().packet();
      planned.add(new Planned(source, last.spreadBy(more)));
    }
    return planned;
  }

  private static List<Planned> interleave(List<List<Planned>> plans) {
    var first = plans.getFirst();
    var second = plans.size() > 1 ? plans.get(1) : List.<Planned>of();
    var merged = new ArrayList<Planned>(first.size() + second.size());
    int next = 0;
    for (var unit : first) {
      while (next < second.size() && order(second.get(next)) < order(unit)) {
        merged.add(second.get(next));
        next++;
      }
      merged.add(unit);
    }
    merged.addAll(second.subList(next, second.size()));
    return merged;
  }

  private static long order(Planned planned) {
    return planned.packet().unit().order();
  }

  private void place() {
    int[] counters = new int[2];
    firstPacket[0] = ProgramTables.PACKETS;
    for (int i = 0; i < units.size(); i++) {
      var pes = units.get(i).packet();
      int stream = pes.hasPcr() ? 0 : 1;
      counter[i] = (byte) counters[stream];
      counters[stream] = (counters[stream] + pes.packets()) % COUNTER_CYCLE;
      firstPacket[i + 1] = firstPacket[i] + pes.allPackets();
    }
  }

  @Override
  public long lengthBytes() {
    return firstPacket[units.size()] * TsPacket.BYTES;
  }

  @Override
  public void read(long positionBytes, ByteBuffer out) {
    if (positionBytes < 0 || positionBytes > lengthBytes() - out.remaining()) {
      throw new IllegalArgumentException(
          "range: %d+%d (expected: within %d bytes)"
              .formatted(positionBytes, out.remaining(), lengthBytes()));
    }
    long position = positionBytes;
    if (position < tables.length) {
      int length = (int) Math.min(tables.length - position, out.remaining());
      out.put(tables, (int) position, length);
      position += length;
    }
    int unit = out.hasRemaining() ? unitAt(position / TsPacket.BYTES) : 0;
    while (out.hasRemaining()) {
      long number = position / TsPacket.BYTES;
      while (number >= firstPacket[unit + 1]) {
        unit++;
      }
      load(unit);
      int index = (int) (number - firstPacket[unit]);
      units.get(unit).packet().write(index, counter[unit], payload, packet);
      int from = (int) (position % TsPacket.BYTES);
      int length = Math.min(TsPacket.BYTES - from, out.remaining());
      out.put(packet, from, length);
      position += length;
    }
  }

  private int unitAt(long packetNumber) {
    int at = Arrays.binarySearch(firstPacket, packetNumber);
    return at >= 0 ? at : -at - 2;
  }

  private void load(int unit) {
    if (loaded == unit) {
      return;
    }
    loaded = -1;
    payload.clear();
    var planned = units.get(unit);
    planned.source().write(planned.packet().unit(), payload);
    int expected = planned.packet().unit().payloadBytes();
    if (payload.length() != expected) {
      throw new ServerFailure(
          FailureCode.INTERNAL_ERROR,
          "access unit: %d bytes (expected: %d, as planned)".formatted(payload.length(), expected));
    }
    loaded = unit;
  }

  @Override
  public void close() {
    try (var _ = streams.getLast()) {
      if (streams.size() > 1) {
        streams.getFirst().close();
      }
    }
  }
}
