package dev.sluice.origin.manifest;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.track.FragmentIndex;
import java.util.ArrayList;
import java.util.List;

/**
 * Segments of a track that follow each other without gap and have equal durations: a line of a
 * timeline.
 *
 * @param startTicks of the first one
 * @param durationTicks of each: the durations of its samples, added up
 * @param count how many there are, at least 1
 * @param follows whether the first one begins just where the segment before it ends
 */
public record SegmentRun(long startTicks, long durationTicks, int count, boolean follows) {
  private static final long MAX_TICKS = (1L << 53) - 1;

  /**
   * The runs of an index, each as long as may be.
   *
   * @throws ContentFailure if a time is larger than the numbers of ECMAScript are exact
   */
  public static List<SegmentRun> of(FragmentIndex fragments) {
    if (fragments.endTicks() > MAX_TICKS) {
      throw new ContentFailure(
          FailureCode.MPE_INPUT_NOT_SUPPORTED,
          "end of track: %d (expected: <= 2^53 - 1 ticks, which players count exactly)"
              .formatted(fragments.endTicks()),
          "");
    }
    var runs = new ArrayList<SegmentRun>();
    int first = 0;
    while (first < fragments.count()) {
      int behind = behindRun(fragments, first);
      runs.add(
          new SegmentRun(
              fragments.startTicks(first),
              fragments.durationTicks(first),
              behind - first,
              first > 0 && follows(fragments, first)));
      first = behind;
    }
    return runs;
  }

  private static boolean follows(FragmentIndex fragments, int fragment) {
    return fragments.startTicks(fragment)
        == fragments.startTicks(fragment - 1) + fragments.durationTicks(fragment - 1);
  }

  private static int behindRun(FragmentIndex fragments, int first) {
    int behind = first + 1;
    while (behind < fragments.count()
        && follows(fragments, behind)
        && fragments.durationTicks(behind) == fragments.durationTicks(first)) {
      behind++;
    }
    return behind;
  }
}
