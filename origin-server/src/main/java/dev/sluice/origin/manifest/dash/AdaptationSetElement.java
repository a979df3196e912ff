package dev.sluice.origin.manifest.dash;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.manifest.MediaTimes.Instant;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.SwitchingSet;
import dev.sluice.origin.manifest.XmlWriter;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.mp4.TrackHeader.SampleEntry;
import dev.sluice.origin.route.ChildUrls;
import dev.sluice.origin.track.Track;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The AdaptationSet element of one of a Period's sets.
 *
 * @param sets of the Period; the element's id is the place in it, from 1
 * @param index of the set that is written
 * @param start of the Period
 * @param presentation whose tags the URLs of segments carry
 */
record AdaptationSetElement(
    List<SwitchingSet> sets, int index, Instant start, Presentation presentation) {
  private static final String UNKNOWN_LANGUAGE = "und";

  void write(XmlWriter xml) {
    xml.begin("AdaptationSet")
        .attribute("id", index + 1L)
        .attribute("contentType", contentType(first().kind()))
        .attribute("mimeType", mimeType(first().kind()));
    if (!first().language().equals(UNKNOWN_LANGUAGE)) {
      xml.attribute("lang", first().language());
    }
    // True because a set holds only tracks whose segment times are equal.
    xml.attribute("segmentAlignment", "true").attribute("startWithSAP", 1);
    if (first().kind() == TrackKind.VIDEO) {
      xml.attribute("maxWidth", most(SampleEntry::width))
          .attribute("maxHeight", most(SampleEntry::height));
    }
    set().protection().ifPresent(p -> ProtectionDescriptors.write(xml, p));
    writeSwitching(xml);
    writeRole(xml);
    writeTemplate(xml);
    set().tracks().forEach(track -> writeRepresentation(xml, track));
    xml.end();
  }

  private void writeSwitching(XmlWriter xml) {
    String others =
        IntStream.range(0, sets.size())
            .filter(i -> i != index && sets.get(i).differsInKeyOnly(set()))
            .mapToObj(i -> Integer.toString(i + 1))
            .collect(Collectors.joining(","));
    if (!others.isEmpty()) {
      xml.begin("SupplementalProperty")
          .attribute("schemeIdUri", "urn:mpeg:dash:adaptation-set-switching:2016")
          .attribute("value", others)
          .end();
    }
  }

  /** Main is the first set of each kind, and those that a client may switch to from it. */
  private void writeRole(XmlWriter xml) {
    SwitchingSet main =
        sets.stream().filter(s -> s.first().kind() == first().kind()).findFirst().orElseThrow();
    boolean isMain = main.equals(set()) || main.differsInKeyOnly(set());
    xml.begin("Role")
        .attribute("schemeIdUri", "urn:mpeg:dash:role:2011")
        .attribute("value", isMain ? "main" : "alternate")
        .end();
  }

  private void writeTemplate(XmlWriter xml) {
    xml.begin("SegmentTemplate").attribute("timescale", first().timescale());
    if (start.ticks() > 0) {
      xml.attribute("presentationTimeOffset", start.floorTicks(first().timescale()));
    }
    xml.attribute("initialization", url("i")).attribute("media", url("$Time$"));
    Timeline.write(xml, first().fragments());
    xml.end();
  }

  private String url(String time) {
    return ChildUrls.levelFragment(
        "$Bandwidth$",
        first().name(),
        time,
        /* keyframes= */ false,
        presentation.tags(),
        presentation.encryption(),
        /* extension= */ "");
  }

  private static void writeRepresentation(XmlWriter xml, Track track) {
    // Unique, since no two tracks of a kind have the same bitrate.
    xml.begin("Representation")
        .attribute("id", contentType(track.kind()) + "-" + track.bitrate())
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

  private SwitchingSet set() {
    return sets.get(index);
  }

  private Track first() {
    return set().first();
  }

  private int most(ToIntFunction<SampleEntry> size) {
    return set().tracks().stream()
        .map(track -> track.header().sampleEntries().getFirst())
        .mapToInt(size)
        .max()
        .orElse(0);
  }

  private static String contentType(TrackKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static String mimeType(TrackKind kind) {
    return switch (kind) {
      case VIDEO -> "video/mp4";
      case AUDIO -> "audio/mp4";
      case TEXT -> "application/mp4";
    };
  }
}
