package dev.sluice.origin.segment.ts;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.FragmentSamples;
import dev.sluice.origin.track.Track;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/**
 * Which samples of an audio track belong to the segment of a video fragment: those that begin
 * within it, on the time line of the presentation. The first segment has also what is before it,
 * the last one what is behind it, so each sample is in just one segment. A function of the two
 * tracks' indexes alone.
 *
 * <p>A video fragment begins at the decode time of its first sample, with no edit list applied:
 * that is when its first picture is presented, both where composition offsets are positive and an
 * edit list takes them back, and where they may be negative.
 *
 * @param firstFragment of the audio track
 * @param lastFragment of the audio track; less than the first if there is none
 * @param fromTicks the decode time, in the audio track's timescale, of the first sample at the
 *     earliest
 * @param toTicks what the decode times of the samples are below
 */
public record MuxedAudio(int firstFragment, int lastFragment, long fromTicks, long toTicks) {

  /**
   * Samples of several fragments as of one.
   *
   * @param startTicks the decode time of the first sample, 0 if there is none
   */
  public record Cut(FragmentSamples samples, long startTicks) {}

  /** The audio for a fragment of the video. */
  public static MuxedAudio of(Track video, int fragment, Track audio) {
    int count = video.fragments().count();
    long from = fragment == 0 ? Long.MIN_VALUE : boundary(video, fragment, audio);
    long to = fragment + 1 >= count ? Long.MAX_VALUE : boundary(video, fragment + 1, audio);
    var index = audio.fragments();
    int first = Math.max(0, lastStartingBefore(index, from));
    if (first > 0 && index.startTicks(first - 1) + index.durationTicks(first - 1) > from) {
      first--;
    }
    return new MuxedAudio(first, lastStartingBefore(index, to), from, to);
  }

  /** Whether no fragment of the audio reaches into the segment. */
  public boolean isEmpty() {
    return lastFragment < firstFragment;
  }

  /**
   * The samples for the segment.
   *
   * @param fragments the samples of the audio track's fragments from the first to the last
   */
  public Cut cut(Track audio, List<FragmentSamples> fragments) {
    if (fragments.size() != Math.max(0, lastFragment - firstFragment + 1)) {
      throw new IllegalArgumentException(
          "fragments: %d (expected: %d to %d)"
              .formatted(fragments.size(), firstFragment, lastFragment));
    }
    int most = fragments.stream().mapToInt(FragmentSamples::count).reduce(0, Math::addExact);
    var chosen = new Chosen(most);
    for (int i = 0; i < fragments.size(); i++) {
      chosen.add(fragments.get(i), audio.fragments().startTicks(firstFragment + i), this);
    }
    return chosen.cut();
  }

  /** The first tick of the audio that is not before the beginning of the video's fragment. */
  private static long boundary(Track video, int fragment, Track audio) {
    var scaled =
        BigInteger.valueOf(video.fragments().startTicks(fragment))
            .multiply(BigInteger.valueOf(audio.timescale()));
    var division = scaled.divideAndRemainder(BigInteger.valueOf(video.timescale()));
    long whole = division[0].longValue() + Math.max(0, division[1].signum());
    return whole + audio.header().editMediaTimeTicks();
  }

  /** The last fragment that starts before this time; -1 if none does. */
  private static int lastStartingBefore(FragmentIndex index, long ticks) {
    int low = 0;
    int high = index.count();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (index.startTicks(middle) < ticks) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /**
   * Collects samples. The duration of each is the way to the next, so that gaps keep their place.
   */
  private static final class Chosen {
    private final long[] times;
    private final long[] offsets;
    private final int[] sizes;
    private final int[] durations;
    private final int[] flags;
    private final int[] compositionOffsets;
    private int descriptionIndex;
    private int sequenceNumber;
    private int count;

    Chosen(int most) {
      times = new long[most];
      offsets = new long[most];
      sizes = new int[most];
      durations = new int[most];
      flags = new int[most];
      compositionOffsets = new int[most];
    }

    void add(FragmentSamples samples, long startTicks, MuxedAudio part) {
      long ticks = startTicks;
      for (int i = 0; i < samples.count(); i++) {
        if (ticks >= part.fromTicks && ticks < part.toTicks) {
          add(samples, i, ticks);
        }
        ticks += samples.durationTicks(i);
      }
    }

    private void add(FragmentSamples samples, int i, long ticks) {
      if (count == 0) {
        descriptionIndex = samples.descriptionIndex();
        sequenceNumber = samples.sequenceNumber();
      }
      if (samples.descriptionIndex() != descriptionIndex) {
        throw refused(
            "sample_description_index: %d (expected: %d, as before in the segment)"
                .formatted(samples.descriptionIndex(), descriptionIndex));
      }
      if (count > 0) {
        durations[count - 1] = requireDuration(ticks - times[count - 1]);
      }
      times[count] = ticks;
      offsets[count] = samples.offsetBytes(i);
      sizes[count] = samples.sizeBytes(i);
      durations[count] = samples.durationTicks(i);
      flags[count] = samples.flags(i);
      compositionOffsets[count] = samples.compositionOffsetTicks(i);
      count++;
    }

    private static int requireDuration(long ticks) {
      if (ticks < 0 || ticks > Integer.MAX_VALUE) {
        throw refused("sample duration: %d ticks (expected: 0 to 2^31 - 1)".formatted(ticks));
      }
      return (int) ticks;
    }

    private static ContentFailure refused(String message) {
      return new ContentFailure(FailureCode.MPE_INPUT_NOT_SUPPORTED, message, "");
    }

    Cut cut() {
      var samples =
          new FragmentSamples(
              Arrays.copyOf(offsets, count),
              Arrays.copyOf(sizes, count),
              Arrays.copyOf(durations, count),
              Arrays.copyOf(flags, count),
              Arrays.copyOf(compositionOffsets, count),
              descriptionIndex,
              sequenceNumber);
      return new Cut(samples, count == 0 ? 0 : times[0]);
    }
  }
}
