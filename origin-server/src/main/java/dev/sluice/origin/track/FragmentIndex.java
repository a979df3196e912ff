package dev.sluice.origin.track;

import dev.sluice.origin.media.ByteRange;
import java.util.Arrays;

/**
 * The fragments of a track, in decode order: when each begins, how long it is, and where its movie
 * fragment boxes lie. Primitive arrays only: 32 bytes for a fragment, and no object for it.
 *
 * <p>A fragment is what one media segment is made of. It holds one {@code moof}, or several where
 * the source is cut finer than it can be played from (chunks, or a {@code moof} that does not begin
 * with a sync sample).
 */
public final class FragmentIndex {
  private final long[] startTicks;
  private final long endTicks;
  private final long[] offsetBytes;
  private final int[] lengthBytes;
  private final long[] sampleBytes;
  private final int maxSampleCount;
  private final long maxDurationTicks;

  /** Empty where each fragment ends where the next begins, as nearly always. */
  private final long[] durationTicks;

  /** Empty where it is not known. */
  private final int[] firstSampleBytes;

  private final boolean leadingSamples;

  /** The same of fragments that follow each other without gap. */
  public FragmentIndex(
      long[] startTicks,
      long endTicks,
      long[] offsetBytes,
      int[] lengthBytes,
      long[] sampleBytes,
      int maxSampleCount) {
    this(startTicks, endTicks, offsetBytes, lengthBytes, sampleBytes, maxSampleCount, new long[0]);
  }

  /**
   * Arrays of equal length, borrowed for good.
   *
   * @param startTicks the {@code tfdt} of each fragment in the track's timescale, strictly rising
   * @param endTicks where the last fragment ends: its start and the durations of its samples
   * @param offsetBytes in the object, of the first {@code moof} of each fragment
   * @param lengthBytes from there to the end of the last {@code moof} of the fragment; the samples
   *     of the earlier {@code moof}s, and other tracks' boxes, may lie between
   * @param sampleBytes the sizes of the track's samples in each fragment, added up
   * @param maxSampleCount of any fragment
   * @param durationTicks the durations of each fragment's samples, added up; empty where each
   *     fragment ends where the next begins
   */
  public FragmentIndex(
      long[] startTicks,
      long endTicks,
      long[] offsetBytes,
      int[] lengthBytes,
      long[] sampleBytes,
      int maxSampleCount,
      long[] durationTicks) {
    this(
        startTicks,
        endTicks,
        offsetBytes,
        lengthBytes,
        sampleBytes,
        maxSampleCount,
        durationTicks,
        new int[0]);
  }

  /**
   * The same with the size of the first sample of each fragment.
   *
   * @param firstSampleBytes empty where it is not known
   */
  public FragmentIndex(
      long[] startTicks,
      long endTicks,
      long[] offsetBytes,
      int[] lengthBytes,
      long[] sampleBytes,
      int maxSampleCount,
      long[] durationTicks,
      int[] firstSampleBytes) {
    this(
        startTicks,
        endTicks,
        offsetBytes,
        lengthBytes,
        sampleBytes,
        maxSampleCount,
        durationTicks,
        firstSampleBytes,
        longest(startTicks, endTicks, durationTicks),
        /* leadingSamples= */ false);
  }

  private FragmentIndex(
      long[] startTicks,
      long endTicks,
      long[] offsetBytes,
      int[] lengthBytes,
      long[] sampleBytes,
      int maxSampleCount,
      long[] durationTicks,
      int[] firstSampleBytes,
      long maxDurationTicks,
      boolean leadingSamples) {
    this.startTicks = startTicks;
    this.endTicks = endTicks;
    this.offsetBytes = offsetBytes;
    this.lengthBytes = lengthBytes;
    this.sampleBytes = sampleBytes;
    this.maxSampleCount = maxSampleCount;
    this.durationTicks = durationTicks;
    this.firstSampleBytes = firstSampleBytes;
    this.maxDurationTicks = maxDurationTicks;
    this.leadingSamples = leadingSamples;
  }

  /**
   * The same fragments, in some of which samples follow the first in decoding that are presented
   * before it, as pictures of an open GOP do: they may need the fragment before.
   */
  public FragmentIndex withLeadingSamples() {
    return new FragmentIndex(
        startTicks,
        endTicks,
        offsetBytes,
        lengthBytes,
        sampleBytes,
        maxSampleCount,
        durationTicks,
        firstSampleBytes,
        maxDurationTicks,
        /* leadingSamples= */ true);
  }

  /** Whether a fragment has samples that are presented before its first; in a slice, any of all. */
  public boolean hasLeadingSamples() {
    return leadingSamples;
  }

  private static long longest(long[] startTicks, long endTicks, long[] durationTicks) {
    long longest = 0;
    for (long ticks : durationTicks) {
      longest = Math.max(longest, ticks);
    }
    for (int i = 0; durationTicks.length == 0 && i < startTicks.length; i++) {
      long end = i + 1 < startTicks.length ? startTicks[i + 1] : endTicks;
      longest = Math.max(longest, end - startTicks[i]);
    }
    return longest;
  }

  /** How many fragments there are, at least 1. */
  public int count() {
    return startTicks.length;
  }

  /** The decode time of the first sample of a fragment. */
  public long startTicks(int fragment) {
    return startTicks[fragment];
  }

  /**
   * The durations of a fragment's samples, added up. The next fragment may begin a little before or
   * behind its end.
   */
  public long durationTicks(int fragment) {
    if (durationTicks.length > 0) {
      return durationTicks[fragment];
    }
    return (fragment + 1 < startTicks.length ? startTicks[fragment + 1] : endTicks)
        - startTicks[fragment];
  }

  /** Where the last fragment ends. */
  public long endTicks() {
    return endTicks;
  }

  /** Where the {@code moof} boxes of a fragment lie. */
  public ByteRange headerRange(int fragment) {
    return new ByteRange(offsetBytes[fragment], lengthBytes[fragment]);
  }

  /** The sizes of a fragment's samples, added up. */
  public long sampleBytes(int fragment) {
    return sampleBytes[fragment];
  }

  /** The size of a fragment's first sample; where it is not known that of all, which is no less. */
  public long firstSampleBytes(int fragment) {
    return firstSampleBytes.length > 0 ? firstSampleBytes[fragment] : sampleBytes[fragment];
  }

  /** The most samples that any fragment has; in a slice that any of the whole has. */
  public int maxSampleCount() {
    return maxSampleCount;
  }

  /** The longest duration that any fragment has; in a slice that any of the whole has. */
  public long maxDurationTicks() {
    return maxDurationTicks;
  }

  /**
   * The fragments from {@code first} to the one before {@code end}, at least one. Only for what
   * lists fragments: their numbers, which IVs are made from, are those of the whole index.
   */
  public FragmentIndex slice(int first, int end) {
    if (first < 0 || first >= end || end > count()) {
      throw new IllegalArgumentException(
          "fragments: %d to %d (expected: at least one of %d)".formatted(first, end, count()));
    }
    return new FragmentIndex(
        Arrays.copyOfRange(startTicks, first, end),
        startTicks[end - 1] + durationTicks(end - 1),
        Arrays.copyOfRange(offsetBytes, first, end),
        Arrays.copyOfRange(lengthBytes, first, end),
        Arrays.copyOfRange(sampleBytes, first, end),
        maxSampleCount,
        durationTicks.length > 0 ? Arrays.copyOfRange(durationTicks, first, end) : durationTicks,
        firstSampleBytes.length > 0
            ? Arrays.copyOfRange(firstSampleBytes, first, end)
            : firstSampleBytes,
        maxDurationTicks,
        leadingSamples);
  }

  /** The same fragments with their times in another timescale. */
  public FragmentIndex in(Timescales scales) {
    if (scales.from() == scales.to()) {
      return this;
    }
    long[] starts = new long[count()];
    long[] durations = new long[count()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = scales.convert(startTicks[i]);
      durations[i] = scales.convert(startTicks[i] + durationTicks(i)) - starts[i];
    }
    return new FragmentIndex(
        starts,
        scales.convert(endTicks),
        offsetBytes,
        lengthBytes,
        sampleBytes,
        maxSampleCount,
        durations,
        firstSampleBytes,
        longest(starts, scales.convert(endTicks), durations),
        leadingSamples);
  }

  /** The fragment that starts exactly at this time, or -1. */
  public int find(long ticks) {
    int at = Arrays.binarySearch(startTicks, ticks);
    return at >= 0 ? at : -1;
  }

  /** The fragment that starts exactly at this time of another timescale, or -1. */
  public int find(long ticks, Timescales scales) {
    int low = 0;
    int high = count() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long start = scales.convert(startTicks[middle]);
      if (start == ticks) {
        return middle;
      }
      if (start < ticks) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }
}
