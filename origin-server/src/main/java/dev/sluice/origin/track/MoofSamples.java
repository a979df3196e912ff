package dev.sluice.origin.track;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.ByteRange;
import dev.sluice.origin.mp4.MovieFragmentBox;
import dev.sluice.origin.mp4.TrackFragmentBox;
import dev.sluice.origin.mp4.TrackHeader;
import dev.sluice.origin.mp4.TrackRunBox;
import java.util.Optional;

/**
 * The samples of one track in one movie fragment, in decode order.
 *
 * <p>A run lies at its data offset from the base of its track fragment: the stated base, the movie
 * fragment, or, for old files that state neither, the movie fragment for the first track fragment
 * and the end of the one before for the others (ISOBMFF 8.8.7.1). A run whose data offset is absent
 * or 0 follows the run before it.
 */
final class MoofSamples {

  /** How many samples may have no size at all, by default: they cost no bytes of the file. */
  private static final int MAX_EMPTY_SAMPLES = 4096;

  private final MovieFragmentBox moof;
  private final ByteRange moofRange;
  private final long objectBytes;
  private final TrackHeader track;

  MoofSamples(MovieFragmentBox moof, ByteRange moofRange, long objectBytes, TrackHeader track) {
    this.moof = moof;
    this.moofRange = moofRange;
    this.objectBytes = objectBytes;
    this.track = track;
  }

  /** Takes samples one by one. */
  @FunctionalInterface
  interface Sink {
    void sample(
        long offsetBytes, int sizeBytes, int durationTicks, int flags, int compositionOffsetTicks);
  }

  /** Gives each sample to the sink. */
  void forEach(Sink sink) {
    requireFewSamples();
    boolean needsEnds = moof.trackFragments().stream().anyMatch(this::followsTheOneBefore);
    long previousEnd = moofRange.offsetBytes();
    boolean previousEndKnown = true;
    for (TrackFragmentBox fragment : moof.trackFragments()) {
      boolean ours = isOurs(fragment);
      if (!ours && !needsEnds) {
        continue;
      }
      var header = fragment.header();
      long base = previousEnd;
      if (header.baseDataOffset().isPresent()) {
        base = header.baseDataOffset().getAsLong();
      } else if (header.defaultBaseIsMoof()) {
        base = moofRange.offsetBytes();
      } else if (!previousEndKnown && ours) {
        throw refused(
            "base of track %d: unknown (expected: sample sizes in the track fragment before)"
                .formatted(track.trackId()));
      }
      previousEndKnown = ours || statesSizes(fragment);
      if (previousEndKnown) {
        previousEnd = place(fragment, base, ours ? Optional.of(sink) : Optional.empty());
      }
    }
  }

  private boolean isOurs(TrackFragmentBox fragment) {
    return fragment.header().trackId() == track.trackId();
  }

  private boolean followsTheOneBefore(TrackFragmentBox fragment) {
    return isOurs(fragment)
        && fragment.header().baseDataOffset().isEmpty()
        && !fragment.header().defaultBaseIsMoof();
  }

  private void requireFewSamples() {
    long samples = 0;
    for (TrackFragmentBox fragment : moof.trackFragments()) {
      for (TrackRunBox run : fragment.runs()) {
        samples += run.sampleCount();
      }
    }
    if (samples > TrackRunBox.MAX_SAMPLES) {
      throw refused("samples: %d (expected: <= %d)".formatted(samples, TrackRunBox.MAX_SAMPLES));
    }
  }

  private static boolean statesSizes(TrackFragmentBox fragment) {
    return fragment.header().defaultSizeBytes().isPresent()
        || fragment.runs().stream().allMatch(TrackRunBox::hasSizes);
  }

  /**
   * Returns where the last run ends.
   *
   * @param sink takes the samples; empty for other tracks, of which only the end counts
   */
  private long place(TrackFragmentBox fragment, long base, Optional<Sink> sink) {
    var header = fragment.header();
    var defaults = track.defaults();
    int defaultDuration = header.defaultDurationTicks().orElse(defaults.sampleDurationTicks());
    int defaultSize = header.defaultSizeBytes().orElse(defaults.sampleSizeBytes());
    int defaultFlags = header.defaultFlags().orElse(defaults.sampleFlags());
    long at = base;
    boolean first = true;
    for (TrackRunBox run : fragment.runs()) {
      int dataOffset = run.dataOffset().orElse(0);
      if (dataOffset != 0) {
        at = base + dataOffset;
      }
      if (first
          && dataOffset == 0
          && header.baseDataOffset().isEmpty()
          && base == moofRange.offsetBytes()) {
        // No offset at all: what every reader takes is the payload of the mdat that follows.
        throw refused("data_offset: none (expected: one in the first run)");
      }
      first = false;
      requireBelievable(run, defaultSize);
      if (sink.isPresent()) {
        at = give(run, at, defaultDuration, defaultSize, defaultFlags, sink.get());
      } else if (run.hasSizes()) {
        for (int i = 0; i < run.sampleCount(); i++) {
          at += run.sizeBytes(i, defaultSize);
        }
      } else {
        at += Integer.toUnsignedLong(defaultSize) * run.sampleCount();
      }
    }
    return at;
  }

  private long give(
      TrackRunBox run,
      long start,
      int defaultDuration,
      int defaultSize,
      int defaultFlags,
      Sink sink) {
    long at = start;
    for (int i = 0; i < run.sampleCount(); i++) {
      long size = run.sizeBytes(i, defaultSize);
      long duration = run.durationTicks(i, defaultDuration);
      if (size > Integer.MAX_VALUE || duration > Integer.MAX_VALUE) {
        throw refused("sample size, duration: %d, %d (expected: < 2^31)".formatted(size, duration));
      }
      requireInside(at, size);
      sink.sample(
          at,
          (int) size,
          (int) duration,
          run.flags(i, defaultFlags),
          run.compositionOffsetTicks(i));
      at += size;
    }
    return at;
  }

  private void requireBelievable(TrackRunBox run, int defaultSize) {
    if (run.hasSizes()) {
      return;
    }
    long size = Integer.toUnsignedLong(defaultSize);
    if (size == 0 && run.sampleCount() > MAX_EMPTY_SAMPLES) {
      throw refused(
          "sample_count: %d of size 0 (expected: <= %d)"
              .formatted(run.sampleCount(), MAX_EMPTY_SAMPLES));
    }
    if (size * run.sampleCount() > objectBytes) {
      throw refused(
          "sample_count: %d of size %d (expected: within the file's %d bytes)"
              .formatted(run.sampleCount(), size, objectBytes));
    }
  }

  private void requireInside(long at, long size) {
    if (at < 0 || at > objectBytes - size) {
      throw refused(
          "sample: %d bytes from %d (expected: within the file's %d bytes)"
              .formatted(size, at, objectBytes));
    }
    if (size > 0 && at < moofRange.endBytes() && at + size > moofRange.offsetBytes()) {
      throw refused(
          "sample: %d bytes from %d (expected: outside of its movie fragment)".formatted(size, at));
    }
  }

  private ContentFailure refused(String message) {
    return new ContentFailure(
        FailureCode.MPE_INPUT_NOT_SUPPORTED,
        message,
        "moof, byte %d [ISOBMFF 8.8.7]".formatted(moofRange.offsetBytes()));
  }
}
