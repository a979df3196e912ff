package dev.sluice.origin.segment.ts;

import dev.sluice.origin.encrypt.SampleAes;

/** The bytes of a stream's payload that no sample has: what stands before units and their runs. */
sealed interface Leads {

  /** The longest lead of a run. */
  int MAX_RUN_BYTES = AdtsHeader.BYTES;

  /** What stands before a unit; do not change it. */
  byte[] ofUnit(boolean withParameterSets);

  /** The size of what stands before each run. */
  int runBytes();

  /** Puts what stands before a run of so many bytes to the beginning of {@code out}. */
  void putOfRun(int lengthBytes, byte[] out);

  /** How runs are encrypted. */
  SampleAes.Unit unit();

  /** How much memory it holds, roughly. */
  int weightBytes();

  /**
   * Of pictures: a delimiter, parameter sets where they are needed, and start codes.
   *
   * @param delimiter of the unit, behind a start code
   * @param parameterSets the same and parameter sets, each behind a start code
   */
  @SuppressWarnings("ArrayRecordComponent") // Made by AvcUnits, and never changed.
  record StartCodes(byte[] delimiter, byte[] parameterSets) implements Leads {

    /** The size of a start code. */
    static final int BYTES = 4;

    @Override
    public byte[] ofUnit(boolean withParameterSets) {
      return withParameterSets ? parameterSets : delimiter;
    }

    @Override
    public int runBytes() {
      return BYTES;
    }

    @Override
    public void putOfRun(int lengthBytes, byte[] out) {
      out[0] = 0;
      out[1] = 0;
      out[2] = 0;
      out[3] = 1;
    }

    @Override
    public SampleAes.Unit unit() {
      return SampleAes.Unit.SLICE;
    }

    @Override
    public int weightBytes() {
      return delimiter.length + parameterSets.length;
    }
  }

  /** Of audio frames: ADTS headers. */
  record Adts(AdtsHeader header) implements Leads {
    private static final byte[] NONE = new byte[0];

    @Override
    public byte[] ofUnit(boolean withParameterSets) {
      return NONE;
    }

    @Override
    public int runBytes() {
      return AdtsHeader.BYTES;
    }

    @Override
    public void putOfRun(int lengthBytes, byte[] out) {
      header.put(lengthBytes, out);
    }

    @Override
    public SampleAes.Unit unit() {
      return SampleAes.Unit.FRAME;
    }

    @Override
    public int weightBytes() {
      return 0;
    }
  }
}
