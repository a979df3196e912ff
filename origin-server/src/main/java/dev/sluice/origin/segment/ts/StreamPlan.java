package dev.sluice.origin.segment.ts;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the units of one stream, and the runs of source bytes that they are made of: NAL units
 * or audio frames.
 */
final class StreamPlan {
  private static final int COUNTER_CYCLE = 16;

  /** Far more than segments have; bounds the memory of a plan. */
  private static final int MAX_RUNS = 1 << 20;

  private final ProgramTables.Stream stream;
  private final Leads leads;
  private final boolean hasPcr;
  private final List<PesPacket> packets = new ArrayList<>();
  private final Longs orders = new Longs();
  private final Longs pcrPackets = new Longs();
  private final Longs parameterSets = new Longs();

  /** Where the runs of each unit end. */
  private final Longs runEnds = new Longs();

  private final Longs runOffsets = new Longs();
  private final Longs runBytes = new Longs();
  private final Longs runEncrypted = new Longs();

  /** Before which bytes of each run one is inserted. */
  private final Longs escapes = new Longs();

  /** Where the escapes of each run end. */
  private final Longs escapeEnds = new Longs();

  private boolean withParameterSets;
  private int payloadBytes;

  StreamPlan(ProgramTables.Stream stream, Leads leads, boolean hasPcr) {
    this.stream = stream;
    this.leads = leads;
    this.hasPcr = hasPcr;
  }

  ProgramTables.Stream stream() {
    return stream;
  }

  Leads leads() {
    return leads;
  }

  boolean hasPcr() {
    return hasPcr;
  }

  /** Begins a unit. */
  void beginUnit(boolean parameterSetsFirst) {
    withParameterSets = parameterSetsFirst;
    payloadBytes = leads.ofUnit(parameterSetsFirst).length;
  }

  /** Before this byte of the run that is added next, one is inserted. */
  void addEscape(int offsetBytes) {
    requireRoom();
    escapes.add(offsetBytes);
  }

  /** Adds a run of the object to the unit. */
  void addRun(long offsetBytes, int lengthBytes, boolean encrypted) {
    requireRoom();
    int before = runOffsets.count() == 0 ? 0 : (int) escapeEnds.get(runOffsets.count() - 1);
    int added = leads.runBytes() + escapes.count() - before;
    payloadBytes = Math.addExact(payloadBytes, Math.addExact(added, lengthBytes));
    runOffsets.add(offsetBytes);
    runBytes.add(lengthBytes);
    runEncrypted.add(encrypted ? 1 : 0);
    escapeEnds.add(escapes.count());
  }

  private void requireRoom() {
    if (runOffsets.count() + escapes.count() >= MAX_RUNS) {
      throw new ContentFailure(
          FailureCode.MPE_INPUT_NOT_SUPPORTED,
          "units and emulation prevention bytes in a segment: more than %d (expected: fewer)"
              .formatted(MAX_RUNS),
          "");
    }
  }

  /** How many bytes the unit has so far. */
  int payloadBytes() {
    return payloadBytes;
  }

  /** Ends a unit, which has all of its runs. */
  void endUnit(AccessUnit unit) {
    packets.add(PesPacket.of(unit, stream, hasPcr));
    orders.add(unit.order());
    pcrPackets.add(hasPcr ? PesPacket.pcrPackets(unit.duration()) : 0);
    parameterSets.add(withParameterSets ? 1 : 0);
    runEnds.add(runOffsets.count());
  }

  /** Spreads the last unit, so that the packets of the segment are a multiple of 16. */
  void end() {
    long all = 0;
    for (var packet : packets) {
      all += packet.packets();
    }
    int more = (int) Math.floorMod(-all, (long) COUNTER_CYCLE);
    if (more > 0) {
      packets.add(packets.removeLast().spreadBy(more));
    }
  }

  int unitCount() {
    return packets.size();
  }

  int runCount() {
    return runOffsets.count();
  }

  int escapeCount() {
    return escapes.count();
  }

  /** Where a unit stands among those of all streams. */
  long order(int unit) {
    return orders.get(unit);
  }

  /** Adds a unit to the plan of a segment. */
  void addTo(SegmentPlan.Builder segment, int unit) {
    segment.addUnit(this, packets.get(unit), pcrPackets.get(unit), parameterSets.get(unit) != 0);
    int end = (int) runEnds.get(unit);
    for (int run = unit == 0 ? 0 : (int) runEnds.get(unit - 1); run < end; run++) {
      segment.addRun(runOffsets.get(run), (int) runBytes.get(run), runEncrypted.get(run) != 0);
      int lastEscape = (int) escapeEnds.get(run);
      for (int i = run == 0 ? 0 : (int) escapeEnds.get(run - 1); i < lastEscape; i++) {
        segment.addEscape((int) escapes.get(i));
      }
    }
    segment.endUnit();
  }
}
