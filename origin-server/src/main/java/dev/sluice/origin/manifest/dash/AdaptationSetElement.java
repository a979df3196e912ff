package dev.sluice.origin.manifest.dash;

import dev.sluice.origin.manifest.MediaTimes.Instant;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.SwitchingSet;
import dev.sluice.origin.manifest.XmlWriter;
import dev.sluice.origin.media.LanguageTags;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.mp4.TrackHeader.SampleEntry;
import dev.sluice.origin.track.Purpose;
import dev.sluice.origin.track.Track;
import java.util.List;
import java.util.Optional;
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
  private static final String ROLES = "urn:mpeg:dash:role:2011";

  /** 1 describes pictures, 2 is for the hard of hearing. Spec: ETSI TS 102 822-3-1 A.13. */
  private static final String AUDIO_PURPOSES = "urn:tva:metadata:cs:AudioPurposeCS:2007";

  private static final Optional<String> INTELLIGIBLE =
      Optional.of("enhanced-audio-intelligibility");

  /** The id of the element that stands at this place. */
  static long id(int index) {
    return index + 1L;
  }

  void write(XmlWriter xml) {
    begin(xml, id(index), set(), startsWithSap());
    set().protection().ifPresent(p -> ProtectionDescriptors.write(xml, p));
    writeSwitching(xml);
    xml.element("Label", first().name());
    writeAccessibility(xml);
    writeRole(xml);
    new SegmentTemplateElement(first(), start, presentation).write(xml, /* keyframes= */ false);
    set().tracks().forEach(track -> RepresentationElement.write(xml, track, /* idSuffix= */ ""));
    xml.end();
  }

  /**
   * The type of the access point at which each segment begins: 3 where pictures that follow the
   * first, and are presented before it, may need the segment before (ISOBMFF annex I).
   */
  private int startsWithSap() {
    return set().tracks().stream().anyMatch(track -> track.fragments().hasLeadingSamples()) ? 3 : 1;
  }

  /** Begins the element, with the attributes that are a set's own. */
  static void begin(XmlWriter xml, long id, SwitchingSet set, int startWithSap) {
    Track first = set.first();
    xml.begin("AdaptationSet")
        .attribute("id", id)
        .attribute("contentType", RepresentationElement.contentType(first.kind()))
        .attribute("mimeType", mimeType(first.kind()));
    if (!first.language().equals(LanguageTags.UNDETERMINED)) {
      xml.attribute("lang", first.language());
    }
    // True because a set holds only tracks whose segment times are equal.
    xml.attribute("segmentAlignment", "true").attribute("startWithSAP", startWithSap);
    if (first.kind() == TrackKind.VIDEO) {
      xml.attribute("maxWidth", most(set, SampleEntry::width))
          .attribute("maxHeight", most(set, SampleEntry::height));
    }
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

  /** What is stated; else main is the first set of each kind, and those that differ in key only. */
  private void writeRole(XmlWriter xml) {
    descriptor(xml, "Role", ROLES, first().purpose().role().orElseGet(this::impliedRole));
  }

  private String impliedRole() {
    Optional<SwitchingSet> main = mainSet();
    boolean isMain =
        main.isPresent() && (main.get().equals(set()) || main.get().differsInKeyOnly(set()));
    return isMain ? "main" : "alternate";
  }

  /** The first of the kind that nothing is stated of; none where a set is stated to be main. */
  private Optional<SwitchingSet> mainSet() {
    var ofKind = sets.stream().filter(s -> s.first().kind() == first().kind()).toList();
    boolean stated =
        ofKind.stream().anyMatch(s -> s.first().purpose().role().equals(Optional.of("main")));
    return stated
        ? Optional.empty()
        : ofKind.stream().filter(s -> s.first().purpose().equals(Purpose.UNSTATED)).findFirst();
  }

  /** Sound for who sees or hears badly has words of its own, by which players choose it. */
  private void writeAccessibility(XmlWriter xml) {
    Optional<String> stated = first().purpose().accessibility();
    if (first().kind() == TrackKind.AUDIO && first().purpose().describesVideo()) {
      descriptor(xml, "Accessibility", AUDIO_PURPOSES, "1");
    } else if (first().kind() == TrackKind.AUDIO && stated.equals(INTELLIGIBLE)) {
      descriptor(xml, "Accessibility", AUDIO_PURPOSES, "2");
    } else {
      stated.ifPresent(value -> descriptor(xml, "Accessibility", ROLES, value));
    }
  }

  private static void descriptor(XmlWriter xml, String name, String scheme, String value) {
    xml.begin(name).attribute("schemeIdUri", scheme).attribute("value", value).end();
  }

  private SwitchingSet set() {
    return sets.get(index);
  }

  private Track first() {
    return set().first();
  }

  private static int most(SwitchingSet set, ToIntFunction<SampleEntry> size) {
    return set.tracks().stream()
        .map(track -> track.header().sampleEntries().getFirst())
        .mapToInt(size)
        .max()
        .orElse(0);
  }

  private static String mimeType(TrackKind kind) {
    return switch (kind) {
      case VIDEO -> "video/mp4";
      case AUDIO -> "audio/mp4";
      case TEXT -> "application/mp4";
    };
  }
}
