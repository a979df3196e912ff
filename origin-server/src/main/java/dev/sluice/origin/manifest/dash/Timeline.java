package dev.sluice.origin.manifest.dash;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.manifest.XmlWriter;
import dev.sluice.origin.track.FragmentIndex;

/** The SegmentTimeline of an index: a line for each run of segments of equal duration. */
final class Timeline {
  private static final long MAX_TICKS = (1L << 53) - 1;

  private Timeline() {}

  /**
   * Writes the element.
   *
   * @throws ContentFailure if a time is larger than the numbers of ECMAScript are exact
   */
  static void write(XmlWriter xml, FragmentIndex fragments) {
    if (fragments.endTicks() > MAX_TICKS) {
      throw new ContentFailure(
          FailureCode.MPE_INPUT_NOT_SUPPORTED,
          "end of track: %d (expected: <= 2^53 - 1 ticks, which players count exactly)"
              .formatted(fragments.endTicks()),
          "");
    }
    xml.begin("SegmentTimeline");
    int first = 0;
    while (first < fragments.count()) {
      int behind = behindRun(fragments, first);
      xml.begin("S");
      if (first == 0 || !follows(fragments, first)) {
        xml.attribute("t", fragments.startTicks(first));
      }
      xml.attribute("d", fragments.durationTicks(first));
      // @r counts the repeats: one less than there are segments.
      if (behind - first > 1) {
        xml.attribute("r", behind - first - 1L);
      }
      xml.end();
      first = behind;
    }
    xml.end();
  }

  /** Whether a fragment begins just where the one before it ends. */
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
