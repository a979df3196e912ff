package dev.sluice.origin.manifest.dash;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.manifest.SegmentRun;
import dev.sluice.origin.manifest.XmlWriter;
import dev.sluice.origin.track.FragmentIndex;

/** The SegmentTimeline of an index: a line for each run of segments of equal duration. */
final class Timeline {

  private Timeline() {}

  /**
   * Writes the element.
   *
   * @throws ContentFailure if a time is larger than the numbers of ECMAScript are exact
   */
  static void write(XmlWriter xml, FragmentIndex fragments) {
    xml.begin("SegmentTimeline");
    for (SegmentRun run : SegmentRun.of(fragments)) {
      xml.begin("S");
      if (!run.follows()) {
        xml.attribute("t", run.startTicks());
      }
      xml.attribute("d", run.durationTicks());
      // @r counts the repeats: one less than there are segments.
      if (run.count() > 1) {
        xml.attribute("r", run.count() - 1L);
      }
      xml.end();
    }
    xml.end();
  }
}
