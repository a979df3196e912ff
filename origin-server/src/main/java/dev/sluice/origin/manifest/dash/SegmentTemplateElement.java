package dev.sluice.origin.manifest.dash;

import dev.sluice.origin.manifest.MediaTimes.Instant;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.XmlWriter;
import dev.sluice.origin.route.ChildUrls;
import dev.sluice.origin.track.Track;

/**
 * The SegmentTemplate element of an AdaptationSet.
 *
 * @param first of the set's tracks, which all have its segment times
 * @param start of the Period
 * @param presentation whose tags the URLs of segments carry
 */
record SegmentTemplateElement(Track first, Instant start, Presentation presentation) {

  /**
   * Writes the element.
   *
   * @param keyframes whether media segments shall hold the first frame alone; init segments are the
   *     same either way
   */
  void write(XmlWriter xml, boolean keyframes) {
    xml.begin("SegmentTemplate").attribute("timescale", first.timescale());
    if (start.ticks() > 0) {
      xml.attribute("presentationTimeOffset", start.floorTicks(first.timescale()));
    }
    xml.attribute("initialization", url("i", /* keyframes= */ false))
        .attribute("media", url("$Time$", keyframes));
    Timeline.write(xml, first.fragments());
    xml.end();
  }

  private String url(String time, boolean keyframes) {
    return ChildUrls.levelFragment(
        "$Bandwidth$",
        first.name(),
        time,
        keyframes,
        presentation.tags(),
        presentation.encryption(),
        /* extension= */ "");
  }
}
