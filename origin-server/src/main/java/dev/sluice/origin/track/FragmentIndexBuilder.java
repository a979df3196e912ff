package dev.sluice.origin.track;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.ByteRange;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.mp4.MovieFragmentBox;
import dev.sluice.origin.mp4.TrackFragmentBox;
import dev.sluice.origin.mp4.TrackHeader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes the index of one track, a movie fragment at a time, in file order.
 *
 * <p>A movie fragment joins the fragment before it where the file's segment index puts both into
 * one subsegment, and where a video track's does not begin with a sync sample.
 */
final class FragmentIndexBuilder {

  /** How many fragments a track may have: 12 days of one-second fragments. */
  static final int MAX_FRAGMENTS = 1 << 20;

  /** How many samples a track may have. */
  static final int MAX_TRACK_SAMPLES = 1 << 25;

  /** How many samples a fragment may have. */
  static final int MAX_FRAGMENT_SAMPLES = 1 << 20;

  /** Times above it are not exact in the players' numbers. */
  private static final long MAX_TICKS = 1L << 53;

  private static final int NON_SYNC_SAMPLE = 0x10000;

  private final TrackHeader track;
  private final boolean video;
  private final long objectBytes;
  private final TrackProblems problems;

  private long[] starts = new long[16];
  private long[] offsets = new long[16];
  private int[] lengths = new int[16];
  private long[] sampleBytes = new long[16];
  private long[] durations = new long[16];
  private int[] firstBytes = new int[16];
  private int count;
  private int lastSubsegment = -1;
  private int lastSampleCount;
  private int maxSampleCount;
  private int trackSamples;
  private long endTicks;
  private long longestSampleTicks;
  private long firstPresentationTicks;
  private boolean leadingSamples;

  FragmentIndexBuilder(
      TrackHeader track, TrackKind kind, long objectBytes, TrackProblems problems) {
    this.track = track;
    this.video = kind == TrackKind.VIDEO;
    this.objectBytes = objectBytes;
    this.problems = problems;
  }

  /** Where a movie fragment without a time of its own begins, as the file's random access says. */
  @FunctionalInterface
  interface RandomAccessTimes {
    OptionalLong timeTicks(int trackId, long moofOffsetBytes);
  }

  /**
   * Adds a movie fragment, if it has samples of the track.
   *
   * @param subsegment which the segment index puts it into, -1 where it has none for the track
   */
  void add(MovieFragmentBox moof, ByteRange range, int subsegment, RandomAccessTimes times) {
    List<TrackFragmentBox> ours =
        moof.trackFragments().stream()
            .filter(fragment -> fragment.header().trackId() == track.trackId())
            .toList();
    if (ours.isEmpty()) {
      return;
    }
    var sum = new Sum();
    new MoofSamples(moof, range, objectBytes, track).forEach(sum);
    if (sum.samples == 0) {
      return;
    }
    trackSamples += sum.samples;
    if (trackSamples > MAX_TRACK_SAMPLES) {
      throw refused("samples: more than %d (expected: fewer)".formatted(MAX_TRACK_SAMPLES), range);
    }
    boolean sync = (sum.firstFlags & NON_SYNC_SAMPLE) == 0;
    if (count == 0 && video && !sync) {
      throw refused("first sample: no sync sample (expected: one)", range);
    }
    long start = start(ours.getFirst(), range, times);
    if (start < 0) {
      sum.ticks = Math.max(0, sum.ticks + start);
      start = 0;
    }
    boolean joins =
        count > 0 && ((video && !sync) || (subsegment >= 0 && subsegment == lastSubsegment));
    requireContinuous(start, joins, range);
    if (joins) {
      join(range, sum);
    } else {
      append(start, range, sum);
    }
    if (!joins) {
      firstPresentationTicks = start + sum.firstPresentationTicks;
    }
    leadingSamples |= start + sum.earliestPresentationTicks < firstPresentationTicks;
    lastSubsegment = subsegment;
    endTicks = start + sum.ticks;
    if (endTicks > MAX_TICKS) {
      throw refused("end: %d ticks (expected: <= 2^53)".formatted(endTicks), range);
    }
    maxSampleCount = Math.max(maxSampleCount, lastSampleCount);
    longestSampleTicks = sum.longestTicks;
  }

  /** The index; empty where the track has no fragment. */
  Optional<FragmentIndex> build() {
    if (count == 0) {
      return Optional.empty();
    }
    var index =
        new FragmentIndex(
            Arrays.copyOf(starts, count),
            endTicks,
            Arrays.copyOf(offsets, count),
            Arrays.copyOf(lengths, count),
            Arrays.copyOf(sampleBytes, count),
            maxSampleCount,
            followWithoutGap() ? new long[0] : Arrays.copyOf(durations, count),
            Arrays.copyOf(firstBytes, count));
    return Optional.of(leadingSamples ? index.withLeadingSamples() : index);
  }

  private boolean followWithoutGap() {
    for (int i = 0; i < count; i++) {
      if (starts[i] + durations[i] != (i + 1 < count ? starts[i + 1] : endTicks)) {
        return false;
      }
    }
    return true;
  }

  private long start(TrackFragmentBox fragment, ByteRange range, RandomAccessTimes times) {
    if (fragment.decodeTime().isPresent()) {
      return fragment.decodeTime().get().baseMediaDecodeTimeTicks();
    }
    if (fragment.fragmentTime().isPresent()) {
      return requirePriming(fragment.fragmentTime().get().startTicks(), range);
    }
    return times.timeTicks(track.trackId(), range.offsetBytes()).orElse(endTicks);
  }

  /**
   * A decode time is not negative. Where priming puts the first fragment before zero, it begins at
   * zero, and is shorter by as much.
   */
  private long requirePriming(long start, ByteRange range) {
    if (start < 0 && count > 0) {
      throw refused("start: %d ticks (expected: >= 0)".formatted(start), range);
    }
    if (start < 0) {
      problems.add(
          "track %d: begins at %d ticks (expected: >= 0); served from 0"
              .formatted(track.trackId(), start));
    }
    return start;
  }

  private void requireContinuous(long start, boolean joins, ByteRange range) {
    if (count == 0) {
      return;
    }
    long gap = start - endTicks;
    if (-gap > longestSampleTicks || (joins && gap > longestSampleTicks)) {
      throw refused(
          "start: %d ticks (expected: %d, the end of the fragment before)"
              .formatted(start, endTicks),
          range);
    }
    if (!joins && start <= starts[count - 1]) {
      throw refused(
          "start: %d ticks (expected: > %d, the start of the fragment before)"
              .formatted(start, starts[count - 1]),
          range);
    }
    if (gap > longestSampleTicks) {
      problems.add(
          "track %d: a gap of %d ticks before the fragment at %d"
              .formatted(track.trackId(), gap, start));
    }
  }

  private void append(long start, ByteRange range, Sum sum) {
    if (count == MAX_FRAGMENTS) {
      throw refused("fragments: more than %d (expected: fewer)".formatted(MAX_FRAGMENTS), range);
    }
    if (count == starts.length) {
      int capacity = count * 2;
      starts = Arrays.copyOf(starts, capacity);
      offsets = Arrays.copyOf(offsets, capacity);
      lengths = Arrays.copyOf(lengths, capacity);
      sampleBytes = Arrays.copyOf(sampleBytes, capacity);
      durations = Arrays.copyOf(durations, capacity);
      firstBytes = Arrays.copyOf(firstBytes, capacity);
    }
    starts[count] = start;
    offsets[count] = range.offsetBytes();
    lengths[count] = Math.toIntExact(range.lengthBytes());
    sampleBytes[count] = sum.bytes;
    durations[count] = sum.ticks;
    firstBytes[count] = sum.firstBytes;
    lastSampleCount = sum.samples;
    count++;
  }

  private void join(ByteRange range, Sum sum) {
    int last = count - 1;
    long length = range.endBytes() - offsets[last];
    if (length > Integer.MAX_VALUE) {
      throw refused("fragment: %d bytes (expected: < 2^31)".formatted(length), range);
    }
    lastSampleCount += sum.samples;
    if (lastSampleCount > MAX_FRAGMENT_SAMPLES) {
      throw refused(
          "samples of a fragment: %d (expected: <= %d)"
              .formatted(lastSampleCount, MAX_FRAGMENT_SAMPLES),
          range);
    }
    lengths[last] = (int) length;
    sampleBytes[last] += sum.bytes;
    durations[last] += sum.ticks;
  }

  private ContentFailure refused(String message, ByteRange range) {
    return new ContentFailure(
        FailureCode.MPE_INPUT_NOT_SUPPORTED,
        "track %d: %s".formatted(track.trackId(), message),
        "moof, byte %d".formatted(range.offsetBytes()));
  }

  /** The samples of a movie fragment, added up. */
  private static final class Sum implements MoofSamples.Sink {
    private int samples;
    private long bytes;
    private long ticks;
    private long longestTicks;
    private int firstFlags;
    private int firstBytes;
    private long firstPresentationTicks;
    private long earliestPresentationTicks = Long.MAX_VALUE;

    @Override
    public void sample(
        long offsetBytes, int sizeBytes, int durationTicks, int flags, int compositionOffset) {
      if (samples == 0) {
        firstFlags = flags;
        firstBytes = sizeBytes;
        firstPresentationTicks = compositionOffset;
      }
      earliestPresentationTicks = Math.min(earliestPresentationTicks, ticks + compositionOffset);
      samples++;
      bytes += sizeBytes;
      ticks += durationTicks;
      longestTicks = Math.max(longestTicks, durationTicks);
    }
  }
}
