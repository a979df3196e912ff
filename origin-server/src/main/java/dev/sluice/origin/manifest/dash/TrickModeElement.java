package dev.sluice.origin.manifest.dash;

import dev.sluice.origin.manifest.MediaTimes.Instant;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.SwitchingSet;
import dev.sluice.origin.manifest.XmlWriter;
import dev.sluice.origin.track.Track;

/**
 * The AdaptationSet element of a video set for playing it fast: the first frame of each segment,
 * under the same key and from the same init segments. Clients that do not know its
 * EssentialProperty pass it over.
 *
 * <p>A Representation's bandwidth is that of the whole track, since it stands in the URLs and
 * bounds what is sent.
 *
 * <p>Spec: DASH-IF IOP 4.3 3.2.9.
 *
 * @param set of video tracks
 * @param setId the id of that set's own AdaptationSet
 * @param id of this one
 * @param start of the Period
 * @param presentation whose tags the URLs of segments carry
 */
record TrickModeElement(
    SwitchingSet set, long setId, long id, Instant start, Presentation presentation) {

  void write(XmlWriter xml) {
    AdaptationSetElement.begin(xml, id, set, /* startWithSap= */ 1);
    xml.attribute("codingDependency", "false").attribute("maxPlayoutRate", maxPlayoutRate());
    set.protection().ifPresent(p -> ProtectionDescriptors.write(xml, p));
    xml.begin("EssentialProperty")
        .attribute("schemeIdUri", "http://dashif.org/guidelines/trickmode")
        .attribute("value", setId)
        .end();
    new SegmentTemplateElement(set.first(), start, presentation).write(xml, /* keyframes= */ true);
    set.tracks().forEach(track -> RepresentationElement.write(xml, track, "-trickmode"));
    xml.end();
  }

  /**
   * At the rate of as many frames as a segment has, one of each is as many as normal play shows.
   */
  private int maxPlayoutRate() {
    return set.tracks().stream()
        .map(Track::fragments)
        .mapToInt(fragments -> fragments.maxSampleCount())
        .min()
        .orElse(1);
  }
}
