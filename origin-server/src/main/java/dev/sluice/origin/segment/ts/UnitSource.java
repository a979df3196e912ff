package dev.sluice.origin.segment.ts;

import java.util.List;

/** Turns the samples of an elementary stream into the payload of PES packets. */
sealed interface UnitSource permits AvcUnits, AacUnits {

  /** The units of the segment in decode order. Reads all samples once. */
  List<AccessUnit> plan();

  /**
   * Writes the payload of a unit, encrypted where the stream is. The same at each call.
   *
   * @throws dev.sluice.origin.failure.Failure if the samples cannot be had, or not be protected
   */
  void write(AccessUnit unit, ByteSink out);

  /** Its entry in the program map. */
  ProgramTables.Stream programMapEntry();
}
