package dev.sluice.origin.segment.ts;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where each byte of a transport stream segment comes from: its PES packets, what runs of the
 * source they are made of, and what is put around and into those. Depends on content alone, and
 * with SAMPLE-AES on the key and the IV, too: emulation prevention follows from what is encrypted.
 *
 * <p>Primitive arrays, about 40 bytes for a unit and 13 for a run, which is a NAL unit or an audio
 * frame. Never changes; safe for use by many threads.
 */
public final class SegmentPlan {
  private static final int COUNTER_CYCLE = 16;
  private static final int FIXED_BYTES = 600;

  /** Minutes of audio; bounds the plan. */
  private static final int MAX_SAMPLES = 1 << 16;

  private static final int COUNTER_MASK = 0xf;
  private static final int STUFFING_SHIFT = 4;
  private static final int SECOND_STREAM = 0x100;
  private static final int RANDOM_ACCESS = 0x200;
  private static final int PARAMETER_SETS = 0x400;

  private static final byte ENCRYPTED = 1;
  private static final byte JOINED = 2;
  private static final int[] NONE = new int[0];

  private final byte[] tables;
  private final List<ProgramTables.Stream> streams;
  private final List<Leads> leads;
  private final boolean encrypted;

  /** The first transport packet of each unit in the segment, and the end of the last. */
  private final long[] firstPacket;

  private final int[] packets;
  private final int[] payloadBytes;
  private final long[] presentation;
  private final long[] decode;
  private final short[] unitBits;

  /** The first run of each unit, and the end of the last. */
  private final int[] firstRun;

  private final long[] runOffset;
  private final int[] runBytes;
  private final byte[] runBits;

  /** The first escape of each run, and the end of the last; empty if there is none at all. */
  private final int[] firstEscape;

  private final int[] escapes;

  private SegmentPlan(byte[] tables, List<StreamPlan> plans, boolean encrypted, Builder built) {
    this.tables = tables;
    this.streams = plans.stream().map(StreamPlan::stream).toList();
    this.leads = plans.stream().map(StreamPlan::leads).toList();
    this.encrypted = encrypted;
    this.firstPacket = built.firstPacket;
    this.packets = built.packets;
    this.payloadBytes = built.payloadBytes;
    this.presentation = built.presentation;
    this.decode = built.decode;
    this.unitBits = built.unitBits;
    this.firstRun = built.firstRun;
    this.runOffset = built.runOffset;
    this.runBytes = built.runBytes;
    this.runBits = built.runBits;
    this.firstEscape = built.escapes.length == 0 ? NONE : built.firstEscape;
    this.escapes = built.escapes;
  }

  /**
   * Plans a segment of these streams: one, or video and then audio. Reads the samples where their
   * content matters.
   *
   * @param segmentNumber the fragment's number in the track whose times the playlist lists
   * @param elementary borrowed
   * @throws dev.sluice.origin.failure.Failure if the samples cannot be read, or cannot be said in a
   *     transport stream
   */
  public static SegmentPlan of(int segmentNumber, List<ElementaryStream> elementary) {
    var sources = new ArrayList<UnitSource>();
    for (var stream : elementary) {
      sources.add(source(stream));
    }
    requireOrder(sources);
    var plans = new ArrayList<StreamPlan>();
    for (var source : sources) {
      boolean hasPcr = plans.isEmpty();
      var plan = new StreamPlan(source.programMapEntry(), source.leads(), hasPcr);
      source.plan(plan);
      plan.end();
      plans.add(plan);
    }
    var entries = plans.stream().map(StreamPlan::stream).toList();
    var built = new Builder(plans);
    built.interleave();
    boolean encrypted = elementary.getFirst().encryption().isPresent();
    return new SegmentPlan(ProgramTables.packets(segmentNumber, entries), plans, encrypted, built);
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

  /** The exact length of the segment. */
  public long lengthBytes() {
    return firstPacket[packets.length] * TsPacket.BYTES;
  }

  /** How much memory it holds, roughly. */
  public int weightBytes() {
    int unitBytes = Long.BYTES + 2 * Integer.BYTES + 2 * Long.BYTES + Short.BYTES + Integer.BYTES;
    int perRunBytes = Long.BYTES + Integer.BYTES + Byte.BYTES;
    int leadBytes = leads.stream().mapToInt(Leads::weightBytes).sum();
    return FIXED_BYTES
        + tables.length
        + leadBytes
        + packets.length * unitBytes
        + runBytes.length * perRunBytes
        + (firstEscape.length + escapes.length) * Integer.BYTES;
  }

  /** How many streams there are: 1 or 2. */
  int streamCount() {
    return streams.size();
  }

  /** How many units there are. */
  int unitCount() {
    return packets.length;
  }

  /** Whether its samples are encrypted. */
  boolean isEncrypted() {
    return encrypted;
  }

  /** The packets of the tables, with which it begins; do not change them. */
  byte[] tables() {
    return tables;
  }

  /** The unit that a packet belongs to, which is none of the tables'. */
  int unitAt(long packetNumber) {
    int at = Arrays.binarySearch(firstPacket, packetNumber);
    return at >= 0 ? at : -at - 2;
  }

  /**
   * The number of a unit's first packet in the segment; where the last one ends, for their count.
   */
  long firstPacket(int unit) {
    return firstPacket[unit];
  }

  int payloadBytes(int unit) {
    return payloadBytes[unit];
  }

  /** The continuity counter of a unit's first packet. */
  int counter(int unit) {
    return unitBits[unit] & COUNTER_MASK;
  }

  /** Which stream a unit is of: 0 or 1. */
  int streamOf(int unit) {
    return (unitBits[unit] & SECOND_STREAM) == 0 ? 0 : 1;
  }

  /** How a unit lies in packets. */
  PesPacket packet(int unit) {
    int bits = unitBits[unit];
    int stream = streamOf(unit);
    return new PesPacket(
        payloadBytes[unit],
        presentation[unit],
        decode[unit],
        (bits & RANDOM_ACCESS) != 0,
        streams.get(stream),
        stream == 0,
        bits >> STUFFING_SHIFT & COUNTER_MASK,
        packets[unit]);
  }

  /** What stands before the runs of a stream. */
  Leads leads(int stream) {
    return leads.get(stream);
  }

  /** What stands before the runs of a unit; do not change it. */
  byte[] lead(int unit) {
    return leads.get(streamOf(unit)).ofUnit((unitBits[unit] & PARAMETER_SETS) != 0);
  }

  /** The first run of a unit; where those of the last one end, for the count of units. */
  int firstRun(int unit) {
    return firstRun[unit];
  }

  /** Where a run lies in its object. */
  long runOffset(int run) {
    return runOffset[run];
  }

  int runBytes(int run) {
    return runBytes[run];
  }

  /** Whether a run has encrypted blocks. */
  boolean isEncrypted(int run) {
    return (runBits[run] & ENCRYPTED) != 0;
  }

  /**
   * Whether a run lies in the same object behind the one before it, with no more between them than
   * is written between them, so that both are better read at once.
   */
  boolean isJoined(int run) {
    return (runBits[run] & JOINED) != 0;
  }

  /** The first escape of a run. */
  int firstEscape(int run) {
    return firstEscape.length == 0 ? 0 : firstEscape[run];
  }

  /** Where the escapes of a run end. */
  int escapeEnd(int run) {
    return firstEscape.length == 0 ? 0 : firstEscape[run + 1];
  }

  /** Before which byte of its run an emulation prevention byte is inserted. */
  int escapeAt(int escape) {
    return escapes[escape];
  }

  /** Puts the units of all streams in order. */
  static final class Builder {
    private final List<StreamPlan> plans;
    private final long[] firstPacket;
    private final int[] packets;
    private final int[] payloadBytes;
    private final long[] presentation;
    private final long[] decode;
    private final short[] unitBits;
    private final int[] firstRun;
    private final long[] runOffset;
    private final int[] runBytes;
    private final byte[] runBits;
    private final int[] firstEscape;
    private final int[] escapes;

    private final int[] counters = new int[2];
    private int units;
    private int runs;
    private int escapeCount;
    private int stream;
    private int runsStream = -1;

    /** What is written between the last run and the next one. */
    private int betweenBytes;

    private Builder(List<StreamPlan> plans) {
      this.plans = plans;
      int unitCount = plans.stream().mapToInt(StreamPlan::unitCount).sum();
      int runCount = plans.stream().mapToInt(StreamPlan::runCount).sum();
      firstPacket = new long[unitCount + 1];
      packets = new int[unitCount];
      payloadBytes = new int[unitCount];
      presentation = new long[unitCount];
      decode = new long[unitCount];
      unitBits = new short[unitCount];
      firstRun = new int[unitCount + 1];
      runOffset = new long[runCount];
      runBytes = new int[runCount];
      runBits = new byte[runCount];
      firstEscape = new int[runCount + 1];
      escapes = new int[plans.stream().mapToInt(StreamPlan::escapeCount).sum()];
      firstPacket[0] = ProgramTables.PACKETS;
    }

    private void interleave() {
      var first = plans.getFirst();
      var second = plans.getLast();
      int secondCount = plans.size() > 1 ? second.unitCount() : 0;
      int next = 0;
      for (int unit = 0; unit < first.unitCount(); unit++) {
        while (next < secondCount && second.order(next) < first.order(unit)) {
          second.addTo(this, next);
          next++;
        }
        first.addTo(this, unit);
      }
      while (next < secondCount) {
        second.addTo(this, next);
        next++;
      }
    }

    void addUnit(StreamPlan plan, PesPacket packet, long pcrPackets, boolean parameterSets) {
      stream = plan.hasPcr() ? 0 : 1;
      packets[units] = packet.packets();
      payloadBytes[units] = packet.payloadBytes();
      presentation[units] = packet.presentation();
      decode[units] = packet.decode();
      unitBits[units] =
          (short)
              (counters[stream]
                  | packet.stuffingBytes() << STUFFING_SHIFT
                  | (stream == 0 ? 0 : SECOND_STREAM)
                  | (packet.randomAccess() ? RANDOM_ACCESS : 0)
                  | (parameterSets ? PARAMETER_SETS : 0));
      counters[stream] = (counters[stream] + packet.packets()) % COUNTER_CYCLE;
      firstPacket[units + 1] = firstPacket[units] + packet.packets() + pcrPackets;
      betweenBytes = packet.headerBytes() + plan.leads().ofUnit(parameterSets).length;
    }

    void addRun(long offsetBytes, int lengthBytes, boolean isEncrypted) {
      betweenBytes += plans.get(stream).leads().runBytes();
      runOffset[runs] = offsetBytes;
      runBytes[runs] = lengthBytes;
      runBits[runs] = (byte) ((isEncrypted ? ENCRYPTED : 0) | (isJoined(offsetBytes) ? JOINED : 0));
      runs++;
      firstEscape[runs] = escapeCount;
      runsStream = stream;
      betweenBytes = 0;
    }

    private boolean isJoined(long offsetBytes) {
      if (runsStream != stream) {
        return false;
      }
      long gap = offsetBytes - (runOffset[runs - 1] + runBytes[runs - 1]);
      return gap >= 0 && gap <= betweenBytes;
    }

    void addEscape(int offsetBytes) {
      escapes[escapeCount] = offsetBytes;
      escapeCount++;
      firstEscape[runs] = escapeCount;
    }

    void endUnit() {
      units++;
      firstRun[units] = runs;
    }
  }
}
