package dev.sluice.origin.manifest.smooth;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.manifest.MediaTimes;
import dev.sluice.origin.manifest.MediaTimes.Instant;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.manifest.SwitchingSet;
import dev.sluice.origin.manifest.XmlWriter;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.track.Timescales;
import dev.sluice.origin.track.Track;
import java.util.Comparator;
import java.util.List;

/**
 * Renders the client manifest of a stored title.
 *
 * <p>{@link Format#SMOOTH} is version 2.2, whose chunk lists repeat; {@link Format#SMOOTH_20} is
 * version 2.0, whose clients know no repeats.
 *
 * <p>All times are in 100 ns: clients differ in where they look for another timescale, and whether.
 *
 * <p>Spec: [MS-SSTR] 2.2.2.1.
 */
public final class ClientManifest {
  /**
   * The manifest as UTF-8. The same presentation always gives the same bytes.
   *
   * @param presentation in a format of Smooth Streaming; a track under common encryption has a
   *     PlayReady signal, which is the one that is written
   * @throws ContentFailure if the tracks have more than one key, or what Smooth has no words for
   */
  public byte[] render(Presentation presentation) {
    Format format = presentation.tags().format();
    if (format.protocol() != Protocol.SMOOTH_STREAMING) {
      throw new IllegalArgumentException("format: %s (expected: one of Smooth)".formatted(format));
    }
    var tracks = presentation.tracks().stream().map(PresentedTrack::track).toList();
    var xml = new XmlWriter();
    xml.begin("SmoothStreamingMedia")
        .attribute("MajorVersion", 2)
        .attribute("MinorVersion", format == Format.SMOOTH_20 ? 0 : 2)
        .attribute("TimeScale", Timescales.SMOOTH_STREAMING)
        .attribute("Duration", duration(tracks));
    ProtectionElement.write(xml, presentation.tracks());
    var sets = SwitchingSet.group(presentation.tracks());
    List<String> names = StreamNames.of(sets);
    for (int i = 0; i < sets.size(); i++) {
      new StreamIndexElement(sets.get(i), names.get(i), presentation).write(xml);
    }
    return xml.end().toBytes();
  }

  /** From the earliest start of all tracks to the latest end. */
  private static long duration(List<Track> tracks) {
    Instant start =
        tracks.stream()
            .map(track -> new Instant(track.fragments().startTicks(0), track.timescale()))
            .min(Comparator.naturalOrder())
            .orElseThrow();
    Instant end =
        tracks.stream()
            .map(track -> new Instant(track.fragments().endTicks(), track.timescale()))
            .max(Comparator.naturalOrder())
            .orElseThrow();
    return MediaTimes.ticksBetween(start, end, Timescales.SMOOTH_STREAMING);
  }
}
