package dev.sluice.origin.manifest.smooth;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.manifest.SegmentRun;
import dev.sluice.origin.manifest.XmlWriter;
import dev.sluice.origin.track.FragmentIndex;

/**
 * The {@code c} elements of a StreamIndex, in 100 ns. A time is written where it is not the end of
 * the fragment before.
 *
 * <p>Spec: [MS-SSTR] 2.2.2.6, where they are called StreamFragmentElement.
 */
final class ChunkList {

  private ChunkList() {}

  /**
   * Writes the elements.
   *
   * @param repeats whether fragments of equal duration share an element
   * @throws ContentFailure if a time is larger than the numbers of ECMAScript are exact
   */
  static void write(XmlWriter xml, FragmentIndex fragments, boolean repeats) {
    for (SegmentRun run : SegmentRun.of(fragments)) {
      int elements = repeats ? 1 : run.count();
      for (int i = 0; i < elements; i++) {
        xml.begin("c");
        if (i == 0 && !run.follows()) {
          xml.attribute("t", run.startTicks());
        }
        xml.attribute("d", run.durationTicks());
        // @r counts all fragments of the element, unlike in DASH.
        if (repeats && run.count() > 1) {
          xml.attribute("r", run.count());
        }
        xml.end();
      }
    }
  }
}
