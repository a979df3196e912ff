package dev.sluice.origin.track;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;

/**
 * The samples of one fragment in decode order, decoded from its {@code moof} boxes and the defaults
 * of {@code trex}. Primitive arrays only.
 */
public final class FragmentSamples {
  private final long[] offsetBytes;
  private final int[] sizeBytes;
  private final int[] durationTicks;
  private final int[] flags;
  private final int[] compositionOffsetTicks;
  private final int descriptionIndex;
  private final int sequenceNumber;
  private final long totalBytes;

  /**
   * Parallel arrays, borrowed for good.
   *
   * @param offsetBytes of each sample in the object
   * @param sizeBytes of each sample, 0 allowed
   * @param durationTicks of each sample in the track's timescale
   * @param flags sample_flags of each sample (ISOBMFF 8.8.3.1)
   * @param compositionOffsetTicks of each sample, signed
   * @param descriptionIndex sample_description_index, from 1, the same for all of the fragment
   * @param sequenceNumber of the first {@code moof}
   */
  public FragmentSamples(
      long[] offsetBytes,
      int[] sizeBytes,
      int[] durationTicks,
      int[] flags,
      int[] compositionOffsetTicks,
      int descriptionIndex,
      int sequenceNumber) {
    this.offsetBytes = offsetBytes;
    this.sizeBytes = sizeBytes;
    this.durationTicks = durationTicks;
    this.flags = flags;
    this.compositionOffsetTicks = compositionOffsetTicks;
    this.descriptionIndex = descriptionIndex;
    this.sequenceNumber = sequenceNumber;
    long total = 0;
    for (int size : sizeBytes) {
      total += size;
    }
    this.totalBytes = total;
  }

  /** How many samples there are, at least 1. */
  public int count() {
    return sizeBytes.length;
  }

  /** Where a sample lies in the object. */
  public long offsetBytes(int sample) {
    return offsetBytes[sample];
  }

  /** The size of a sample, 0 allowed. */
  public int sizeBytes(int sample) {
    return sizeBytes[sample];
  }

  /** The duration of a sample in the track's timescale. */
  public int durationTicks(int sample) {
    return durationTicks[sample];
  }

  /** The sample_flags of a sample (ISOBMFF 8.8.3.1). */
  public int flags(int sample) {
    return flags[sample];
  }

  /** The composition offset of a sample, signed. */
  public int compositionOffsetTicks(int sample) {
    return compositionOffsetTicks[sample];
  }

  /** The sample_description_index, from 1. */
  public int descriptionIndex() {
    return descriptionIndex;
  }

  /** The sequence_number of the first {@code moof}. */
  public int sequenceNumber() {
    return sequenceNumber;
  }

  /** The sizes of all samples, added up. */
  public long totalBytes() {
    return totalBytes;
  }

  /**
   * The first sample alone, which lasts as long as all of them: what a track of sync samples for
   * fast playback has of a fragment. Its own bytes and place are the same.
   *
   * @throws ContentFailure if that is longer than the field of a sample's duration holds
   */
  public FragmentSamples first() {
    long ticks = 0;
    for (int duration : durationTicks) {
      ticks += duration;
    }
    if (ticks > Integer.MAX_VALUE) {
      throw new ContentFailure(
          FailureCode.MPE_INPUT_NOT_SUPPORTED,
          "duration of the fragment: %d (expected: <= %d)".formatted(ticks, Integer.MAX_VALUE),
          "");
    }
    return new FragmentSamples(
        new long[] {offsetBytes[0]},
        new int[] {sizeBytes[0]},
        new int[] {(int) ticks},
        new int[] {flags[0]},
        new int[] {compositionOffsetTicks[0]},
        descriptionIndex,
        sequenceNumber);
  }

  /**
   * The same samples with their times in another timescale: where each is decoded and presented is
   * rounded down, and durations and offsets are what lies between.
   *
   * @param startTicks the decode time of the first sample
   * @throws ContentFailure if a duration does not fit 32 bits
   */
  public FragmentSamples in(Timescales scales, long startTicks) {
    if (scales.from() == scales.to()) {
      return this;
    }
    int[] durations = new int[count()];
    int[] offsets = new int[count()];
    long ticks = startTicks;
    for (int i = 0; i < count(); i++) {
      long start = scales.convert(ticks);
      offsets[i] = fitting(scales.convert(ticks + compositionOffsetTicks[i]) - start);
      ticks += durationTicks[i];
      durations[i] = fitting(scales.convert(ticks) - start);
    }
    return new FragmentSamples(
        offsetBytes, sizeBytes, durations, flags, offsets, descriptionIndex, sequenceNumber);
  }

  private static int fitting(long ticks) {
    if (ticks != (int) ticks) {
      throw new ContentFailure(
          FailureCode.MPE_INPUT_NOT_SUPPORTED,
          "duration or offset of a sample: %d ticks (expected: within 32 bits)".formatted(ticks),
          "");
    }
    return (int) ticks;
  }
}
