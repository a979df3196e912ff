package dev.sluice.origin.manifest.dash;

import dev.sluice.origin.manifest.MediaTimes;
import dev.sluice.origin.manifest.MediaTimes.Instant;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.manifest.SwitchingSet;
import dev.sluice.origin.manifest.XmlWriter;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.track.Track;
import java.util.Comparator;
import java.util.List;

/** Renders the MPD of a stored title: static, one Period, segments by SegmentTimeline. */
public final class MpdRenderer {

  /** The MPD as UTF-8. The same presentation always gives the same bytes. */
  public byte[] render(Presentation presentation) {
    var tracks = presentation.tracks().stream().map(PresentedTrack::track).toList();
    Instant start = earliestStart(tracks);
    var xml = new XmlWriter();
    xml.begin("MPD").attribute("xmlns", "urn:mpeg:dash:schema:mpd:2011");
    ProtectionDescriptors.declareNamespaces(xml, presentation.tracks());
    xml.attribute("profiles", "urn:mpeg:dash:profile:isoff-live:2011")
        .attribute("type", "static")
        .attribute(
            "mediaPresentationDuration",
            MediaTimes.duration(MediaTimes.microsBetween(start, latestEnd(tracks))))
        .attribute("minBufferTime", MediaTimes.duration(MinBufferTime.micros(tracks)))
        .begin("Period")
        .attribute("id", "0")
        .attribute("start", "PT0S");
    var sets = SwitchingSet.group(presentation.tracks());
    for (int i = 0; i < sets.size(); i++) {
      new AdaptationSetElement(sets, i, start, presentation).write(xml);
    }
    writeTrickModes(xml, sets, start, presentation);
    return xml.end().end().toBytes();
  }

  /** Behind all others, so that ids do not depend on them. */
  private static void writeTrickModes(
      XmlWriter xml, List<SwitchingSet> sets, Instant start, Presentation presentation) {
    int next = sets.size();
    for (int i = 0; i < sets.size(); i++) {
      if (sets.get(i).first().kind() == TrackKind.VIDEO) {
        long id = AdaptationSetElement.id(next++);
        new TrickModeElement(sets.get(i), AdaptationSetElement.id(i), id, start, presentation)
            .write(xml);
      }
    }
  }

  private static Instant earliestStart(List<Track> tracks) {
    return tracks.stream()
        .map(track -> new Instant(track.fragments().startTicks(0), track.timescale()))
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static Instant latestEnd(List<Track> tracks) {
    return tracks.stream()
        .map(track -> new Instant(track.fragments().endTicks(), track.timescale()))
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }
}
