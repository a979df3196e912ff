package dev.sluice.origin.manifest.dash;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.manifest.XmlWriter;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.mp4.TrackHeader.SampleEntry;
import dev.sluice.origin.track.Track;
import java.util.Locale;

/** The Representation element of a track. */
final class RepresentationElement {

  private RepresentationElement() {}

  /**
   * Writes the element.
   *
   * @param idSuffix tells the Representations of one track apart
   */
  static void write(XmlWriter xml, Track track, String idSuffix) {
    // Unique, since no two tracks of a kind have the same bitrate.
    xml.begin("Representation")
        .attribute("id", contentType(track.kind()) + "-" + track.bitrate() + idSuffix)
        .attribute("bandwidth", track.bitrate())
        .attribute("codecs", track.codec().codecString(track.fourCc()));
    switch (track.codec()) {
      case AvcConfig _ -> {
        SampleEntry entry = track.header().sampleEntries().getFirst();
        xml.attribute("width", entry.width()).attribute("height", entry.height());
      }
      case AacConfig aac ->
          xml.attribute("audioSamplingRate", aac.sampleRateHz())
              .begin("AudioChannelConfiguration")
              .attribute("schemeIdUri", "urn:mpeg:dash:23003:3:audio_channel_configuration:2011")
              .attribute("value", aac.channels())
              .end();
    }
    xml.end();
  }

  /** The contentType of a kind. */
  static String contentType(TrackKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
