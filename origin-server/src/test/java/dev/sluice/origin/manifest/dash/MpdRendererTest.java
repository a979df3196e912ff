package dev.sluice.origin.manifest.dash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.manifest.Tracks;
import dev.sluice.origin.manifest.dash.ParsedMpd.Element;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.route.StreamTags;
import dev.sluice.origin.route.StreamTags.Encryption;
import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.Purpose;
import dev.sluice.origin.track.Track;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class MpdRendererTest {

  @ParameterizedTest
  @EnumSource
  void namesEachSegmentByItsStart(Presentations kept) throws XMLStreamException {
    var presentation = kept.presentation();
    var tracks = presentation.tracks().stream().map(PresentedTrack::track).toList();

    for (ParsedMpd set : parse(presentation).sets()) {
      var starts = starts(set);
      for (Element representation : set.all("Representation")) {
        assertThat(starts).isEqualTo(starts(track(tracks, representation).fragments()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void givesEachRepresentationItsOwnId(Presentations kept) throws XMLStreamException {
    assertThat(parse(kept.presentation()).all("Representation"))
        .extracting(r -> r.get("id"))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void makesOneSetOfEachKindMainUnlessOnlyTheKeyDiffers(Presentations kept)
      throws XMLStreamException {
    for (String kind : List.of("video", "audio")) {
      var mains =
          parse(kept.presentation()).sets().stream()
              .filter(set -> set.elements().getFirst().get("contentType").equals(kind))
              .filter(set -> set.all("Role").getFirst().get("value").equals("main"))
              .toList();
      assertThat(mains).hasSizeGreaterThanOrEqualTo(1);
      assertThat(mains.stream().skip(1))
          .allMatch(set -> !set.all("SupplementalProperty").isEmpty());
    }
  }

  @Test
  void saysWhatAudioIsMeantForAsTheServerManifestDoes() throws XMLStreamException {
    var fragments = Tracks.fragments(0, 96_256);
    var described =
        Tracks.meantFor(
            new Purpose(Optional.of("alternate"), Optional.of("description")),
            Tracks.audio("described", 64_000, "en", fragments));
    var plain = Tracks.audio("plain", 64_001, "en", fragments);
    var dubbed =
        Tracks.meantFor(
            new Purpose(Optional.of("dub"), Optional.empty()),
            Tracks.audio("dubbed", 64_002, "de", fragments));

    assertThat(purposes(described, plain, dubbed))
        .containsExactly("alternate 1", "main -", "dub -");
    var main = new Purpose(Optional.of("main"), Optional.empty());
    assertThat(purposes(plain, Tracks.meantFor(main, dubbed)))
        .containsExactly("alternate -", "main -");
  }

  /** The Role of each set, and its Accessibility. */
  private static List<String> purposes(Track... tracks) throws XMLStreamException {
    var tags =
        new StreamTags(
            Format.DASH_CSF,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            false,
            false,
            List.of());
    var presentation =
        new Presentation(
            Stream.of(tracks).map(t -> new PresentedTrack(t, Optional.empty())).toList(), tags);
    return parse(presentation).sets().stream()
        .map(set ->
            set.all("Role").getFirst().get("value")
                + " "
                + set.all("Accessibility").stream()
                    .map(e -> e.get("value"))
                    .findFirst()
                    .orElse("-"))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void offersEveryVideoSetForTrickModes(Presentations kept) throws XMLStreamException {
    var mpd = parse(kept.presentation());
    var videos =
        mpd.sets().stream()
            .filter(set -> set.elements().getFirst().get("contentType").equals("video"))
            .toList();

    assertThat(mpd.trickModes()).hasSameSizeAs(videos);
    for (int i = 0; i < videos.size(); i++) {
      ParsedMpd video = videos.get(i);
      ParsedMpd trick = mpd.trickModes().get(i);
      assertThat(trick.trickModeFor()).isEqualTo(video.elements().getFirst().get("id"));
      assertThat(trick.elements().getFirst().get("codingDependency")).isEqualTo("false");
      assertThat(trick.all("ContentProtection")).hasSameSizeAs(video.all("ContentProtection"));
      assertThat(starts(trick)).isEqualTo(starts(video));
      assertThat(trick.all("Representation"))
          .extracting(r -> r.get("bandwidth"))
          .isEqualTo(video.all("Representation").stream().map(r -> r.get("bandwidth")).toList());
      Element template = trick.all("SegmentTemplate").getFirst();
      Element own = video.all("SegmentTemplate").getFirst();
      assertThat(template.get("initialization")).isEqualTo(own.get("initialization"));
      assertThat(template.get("media").replace(",type=keyframes", "")).isEqualTo(own.get("media"));
      assertThat(template.get("media")).contains(",type=keyframes");
    }
  }

  @Test
  void playsNoFasterThanADecoderShowsFrames() throws XMLStreamException {
    // Fragments of 50 frames, of which one is shown.
    var mpd = parse(clear(Tracks.video(100, 640, 360, Tracks.fragments(0, 90))));

    assertThat(mpd.trickModes().getFirst().elements().getFirst().get("maxPlayoutRate"))
        .isEqualTo("50");
  }

  @ParameterizedTest
  @EnumSource
  void numbersAllSetsApart(Presentations kept) throws XMLStreamException {
    var mpd = parse(kept.presentation());

    assertThat(mpd.all("AdaptationSet")).extracting(set -> set.get("id")).doesNotHaveDuplicates();
    assertThat(mpd.all("AdaptationSet"))
        .hasSize(mpd.sets().size() + mpd.trickModes().size())
        .first()
        .extracting(set -> set.get("id"))
        .isEqualTo("1");
  }

  @Test
  void labelsSetsWithTheirTracksNames() throws XMLStreamException {
    assertThat(parse(Presentations.TWO_LANGUAGES.presentation()).all("Label"))
        .extracting(Element::text)
        .containsExactly("video", "audio_eng", "audio_deu");
  }

  @Test
  void splitsTracksWhoseSegmentTimesDiffer() throws XMLStreamException {
    var mpd =
        parse(
            clear(
                Tracks.video(100, 640, 360, Tracks.fragments(0, 90, 90, 90)),
                Tracks.video(200, 640, 360, Tracks.fragments(0, 90, 91, 89)),
                Tracks.video(300, 640, 360, Tracks.fragments(0, 90, 90, 90)),
                Tracks.video(400, 640, 360, Tracks.fragments(0, 90, 90, 91))));

    assertThat(mpd.sets())
        .extracting(set -> set.all("Representation").stream().map(r -> r.get("bandwidth")).toList())
        .containsExactly(List.of("100", "300"), List.of("200"), List.of("400"));
    assertThat(mpd.sets())
        .extracting(set -> set.all("Role").getFirst().get("value"))
        .containsExactly("main", "alternate", "alternate");
  }

  @Test
  void writesOneLineForARunOfEqualDurations() throws XMLStreamException {
    var mpd = parse(clear(Tracks.video(100, 640, 360, Tracks.fragments(7, 5, 5, 5, 6, 5, 5))));

    assertThat(mpd.sets().getFirst().all("S"))
        .extracting(s -> s.attributes().toString())
        .containsExactly("{t=7, d=5, r=2}", "{d=6}", "{d=5, r=1}");
  }

  @Test
  void putsTheFirstStartOfAllTracksAtZero() throws XMLStreamException {
    var audio = Tracks.audio("audio", 100, "eng", Tracks.fragments(48_001, 48_000));
    var video = Tracks.video(100, 640, 360, Tracks.fragments(180_000, 90_000));

    var mpd = parse(clear(video, audio));

    // 48001/48000 s is tick 90001.875 of 90000.
    assertThat(mpd.all("SegmentTemplate"))
        .extracting(t -> t.get("presentationTimeOffset"))
        .containsExactly("90001", "48001", "90001");
    // From 48001/48000 s to 3 s: 1.999979166... s, rounded up.
    assertThat(mpd.root().get("mediaPresentationDuration")).isEqualTo("PT1.99998S");
  }

  @Test
  void writesTheTagsOfTheRequestWithTheEncryptionLast() throws XMLStreamException {
    var tags =
        new StreamTags(
            Format.DASH_CSF,
            Optional.of(Encryption.CENC),
            List.of("sd", "no_other"),
            Optional.empty(),
            false,
            false,
            List.of());
    var track = Tracks.video("Main $ü", 100, 640, 360, 90_000, Tracks.fragments(0, 90));

    var template =
        parse(new Presentation(List.of(Presentations.clear(track)), tags))
            .all("SegmentTemplate")
            .getFirst();

    String behind = ",format=mpd-time-csf,encryption=cenc)";
    assertThat(template.get("media"))
        .isEqualTo("QualityLevels($Bandwidth$)/Fragments(Main%20%24%C3%BC=$Time$" + behind);
    assertThat(template.get("initialization"))
        .isEqualTo("QualityLevels($Bandwidth$)/Fragments(Main%20%24%C3%BC=i" + behind);
  }

  @Test
  void writesTheSchemeInUseWhereTheRequestDoesNotSay() throws XMLStreamException {
    assertThat(parse(Presentations.TWO_KEYS.presentation()).sets())
        .extracting(set -> set.all("SegmentTemplate").getFirst().get("media"))
        .containsExactly(
            "QualityLevels($Bandwidth$)/Fragments(video=$Time$,format=mpd-time-cmaf,encryption=cenc)",
            "QualityLevels($Bandwidth$)/Fragments(video=$Time$,format=mpd-time-cmaf,encryption=cenc)",
            "QualityLevels($Bandwidth$)/Fragments(audio_eng=$Time$,format=mpd-time-cmaf,encryption=cenc)");
  }

  @Test
  void refusesTimesThatPlayersCannotCount() {
    var late = clear(Tracks.video(100, 640, 360, Tracks.fragments((1L << 53) - 90, 90)));

    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> new MpdRenderer().render(late))
        .withMessage(
            "end of track: 9007199254740992"
                + " (expected: <= 2^53 - 1 ticks, which players count exactly)");
  }

  private static Presentation clear(Track... tracks) {
    return Presentations.of(Optional.empty(), Stream.of(tracks).map(Presentations::clear).toList());
  }

  private static ParsedMpd parse(Presentation presentation) throws XMLStreamException {
    return ParsedMpd.parse(new MpdRenderer().render(presentation));
  }

  private static Track track(List<Track> tracks, Element representation) {
    return tracks.stream()
        .filter(t -> Long.toString(t.bitrate()).equals(representation.get("bandwidth")))
        .findFirst()
        .orElseThrow();
  }

  /** Every segment's start, and the end of the last. */
  private static List<Long> starts(ParsedMpd set) {
    var starts = new ArrayList<Long>();
    long at = 0;
    for (Element s : set.all("S")) {
      at = s.get("t").isEmpty() ? at : Long.parseLong(s.get("t"));
      long repeats = s.get("r").isEmpty() ? 0 : Long.parseLong(s.get("r"));
      for (long i = 0; i <= repeats; i++) {
        starts.add(at);
        at += Long.parseLong(s.get("d"));
      }
    }
    starts.add(at);
    return starts;
  }

  private static List<Long> starts(FragmentIndex fragments) {
    var starts = new ArrayList<Long>();
    for (int i = 0; i < fragments.count(); i++) {
      starts.add(fragments.startTicks(i));
    }
    starts.add(fragments.endTicks());
    return starts;
  }
}
