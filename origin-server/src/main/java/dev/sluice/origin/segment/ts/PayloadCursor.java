package dev.sluice.origin.segment.ts;

/**
 * A place in the payload of a unit, and what comes next there: bytes of a run, or bytes that no
 * sample has.
 *
 * <pre>
 *   lead of the unit { lead of a run | run, with an escape before some of its bytes } ...
 * </pre>
 */
final class PayloadCursor {
  private static final byte[] ESCAPE = {EmulationPrevention.INSERTED};

  private final SegmentPlan plan;
  private final byte[] runLead = new byte[Leads.MAX_RUN_BYTES];
  private Leads leads;
  private byte[] unitLead = new byte[0];
  private int unitLeadAt;
  private int run;
  private int runsEnd;

  /** How much of the run's lead is behind. */
  private int runLeadAt;

  private int runLeadBytes;

  /** How much of the run itself is behind. */
  private int runAt;

  private int escape;

  private boolean sourceNext;
  private byte[] bytes = ESCAPE;
  private int from;

  PayloadCursor(SegmentPlan plan) {
    this.plan = plan;
    this.leads = plan.leads(0);
  }

  void copy(PayloadCursor other) {
    leads = other.leads;
    unitLead = other.unitLead;
    unitLeadAt = other.unitLeadAt;
    run = other.run;
    runsEnd = other.runsEnd;
    runLeadAt = other.runLeadAt;
    runLeadBytes = other.runLeadBytes;
    runAt = other.runAt;
    escape = other.escape;
    System.arraycopy(other.runLead, 0, runLead, 0, runLead.length);
  }

  /** Moves to the beginning of a unit. */
  void begin(int unit) {
    leads = plan.leads(plan.streamOf(unit));
    unitLead = plan.lead(unit);
    unitLeadAt = 0;
    runsEnd = plan.firstRun(unit + 1);
    beginRun(plan.firstRun(unit));
  }

  private void beginRun(int next) {
    run = next;
    runLeadAt = 0;
    runLeadBytes = leads.runBytes();
    runAt = 0;
    if (next < runsEnd) {
      leads.putOfRun(plan.runBytes(next), runLead);
      escape = plan.firstEscape(next);
    }
  }

  /** Moves to a place in the payload of a unit. */
  void seek(int unit, int payloadOffset) {
    begin(unit);
    unitLeadAt = Math.min(payloadOffset, unitLead.length);
    int rest = payloadOffset - unitLeadAt;
    while (rest > 0) {
      int written = runLeadBytes + plan.runBytes(run) + escapes();
      if (rest < written) {
        seekInRun(rest);
        return;
      }
      rest -= written;
      beginRun(run + 1);
    }
  }

  private int escapes() {
    return plan.escapeEnd(run) - plan.firstEscape(run);
  }

  private void seekInRun(int writtenBytes) {
    runLeadAt = Math.min(writtenBytes, runLeadBytes);
    int rest = writtenBytes - runLeadAt;
    // The escape n of a run is written behind n others.
    int low = 0;
    int high = escapes();
    int first = plan.firstEscape(run);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (plan.escapeAt(first + middle) + middle < rest) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    escape = first + low;
    runAt = rest - low;
  }

  /**
   * Moves over what comes next, which then is told of.
   *
   * @param maxBytes at least 1, and within the unit
   * @return how many bytes it has
   */
  int next(int maxBytes) {
    if (unitLeadAt < unitLead.length) {
      int count = Math.min(maxBytes, unitLead.length - unitLeadAt);
      unitLeadAt += count;
      return generated(unitLead, unitLeadAt - count, unitLeadAt);
    }
    while (run < runsEnd) {
      if (runLeadAt < runLeadBytes) {
        int count = Math.min(maxBytes, runLeadBytes - runLeadAt);
        runLeadAt += count;
        return generated(runLead, runLeadAt - count, runLeadAt);
      }
      int stop = sourceEnd();
      if (runAt < stop) {
        int count = Math.min(maxBytes, stop - runAt);
        sourceNext = true;
        from = runAt;
        runAt += count;
        return count;
      }
      if (escape < plan.escapeEnd(run)) {
        escape++;
        return generated(ESCAPE, 0, 1);
      }
      beginRun(run + 1);
    }
    throw new IllegalStateException("payload: read past the end of its unit");
  }

  private int generated(byte[] array, int begin, int end) {
    sourceNext = false;
    bytes = array;
    from = begin;
    return end - begin;
  }

  private int sourceEnd() {
    return escape < plan.escapeEnd(run) ? plan.escapeAt(escape) : plan.runBytes(run);
  }

  /** Whether what was moved over is of the {@link #run}; otherwise it is of {@link #bytes}. */
  boolean isSource() {
    return sourceNext;
  }

  /** What no sample has; do not change it. */
  byte[] bytes() {
    return bytes;
  }

  /** Where what was moved over begins in the run, or in the bytes. */
  int from() {
    return from;
  }

  /** The run that the cursor is in. */
  int run() {
    return run;
  }

  /** How much of the run is behind. */
  int runAt() {
    return runAt;
  }

  /** How many bytes of the run come next, with nothing between them. */
  int sourceAhead() {
    boolean within = unitLeadAt == unitLead.length && run < runsEnd && runLeadAt == runLeadBytes;
    return within ? sourceEnd() - runAt : 0;
  }

  /** Moves over so many bytes of the run, which come next. */
  void skipSource(int count) {
    runAt += count;
  }
}
