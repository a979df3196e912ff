package dev.sluice.origin.manifest.smooth;

import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.SwitchingSet;
import dev.sluice.origin.manifest.XmlWriter;
import dev.sluice.origin.media.LanguageTags;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.mp4.TrackHeader.SampleEntry;
import dev.sluice.origin.route.ChildUrls;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.track.Timescales;
import dev.sluice.origin.track.Track;
import java.util.Locale;
import java.util.function.ToIntFunction;

/**
 * The StreamIndex element of a set of tracks.
 *
 * <p>Spec: [MS-SSTR] 2.2.2.3, where it is called StreamElement.
 *
 * @param name which no other stream has
 * @param presentation whose tags the URLs of fragments carry
 */
record StreamIndexElement(SwitchingSet set, String name, Presentation presentation) {

  void write(XmlWriter xml) {
    xml.begin("StreamIndex").attribute("Type", first().kind().name().toLowerCase(Locale.ROOT));
    if (first().kind() == TrackKind.TEXT) {
      xml.attribute("Subtype", "SUBT");
    }
    xml.attribute("Name", name);
    if (!first().language().equals(LanguageTags.UNDETERMINED)) {
      xml.attribute("Language", first().language());
    }
    xml.attribute("TimeScale", Timescales.SMOOTH_STREAMING)
        .attribute("Chunks", first().fragments().count())
        .attribute("QualityLevels", set.tracks().size());
    if (first().kind() == TrackKind.VIDEO) {
      xml.attribute("MaxWidth", most(SampleEntry::width))
          .attribute("MaxHeight", most(SampleEntry::height));
    }
    xml.attribute("Url", url());
    for (int i = 0; i < set.tracks().size(); i++) {
      QualityLevelElement.write(xml, i, set.tracks().get(i));
    }
    boolean repeats = presentation.tags().format() != Format.SMOOTH_20;
    ChunkList.write(xml, first().fragments().in(Timescales.toSmooth(first())), repeats);
    xml.end();
  }

  private String url() {
    return ChildUrls.levelFragment(
        "{bitrate}",
        first().name(),
        "{start time}",
        /* keyframes= */ false,
        presentation.tags(),
        presentation.encryption(),
        /* extension= */ "");
  }

  private Track first() {
    return set.first();
  }

  private int most(ToIntFunction<SampleEntry> size) {
    return set.tracks().stream()
        .map(track -> track.header().sampleEntries().getFirst())
        .mapToInt(size)
        .max()
        .orElse(0);
  }
}
