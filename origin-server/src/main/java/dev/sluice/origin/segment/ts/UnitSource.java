package dev.sluice.origin.segment.ts;

/** Tells what the samples of an elementary stream become as the payload of PES packets. */
sealed interface UnitSource permits AvcUnits, AacUnits {

  /**
   * Adds the units of the segment in decode order. Reads the samples where their content matters.
   *
   * @throws dev.sluice.origin.failure.Failure if the samples cannot be had, or not be protected
   */
  void plan(StreamPlan plan);

  /** What is written before units and their runs. */
  Leads leads();

  /** Its entry in the program map. */
  ProgramTables.Stream programMapEntry();
}
