package dev.sluice.origin.manifest.hls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.manifest.Tracks;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.route.StreamTags;
import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.Purpose;
import dev.sluice.origin.track.Track;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class MultivariantPlaylistTest {
  private static final Track LOW = HlsTracks.LOW;
  private static final Track ENGLISH = HlsTracks.ENGLISH;

  @Test
  void listsVariantsByRisingBitrate() {
    var playlist = parse(clear(Format.HLS_CMAF, HlsTracks.HIGH, LOW, ENGLISH));
    assertThat(playlist.uris())
        .containsExactly(
            "QualityLevels(640000)/Manifest(video,format=m3u8-cmaf).m3u8",
            "QualityLevels(1600000)/Manifest(video,format=m3u8-cmaf).m3u8");
    assertThat(playlist.all("EXT-X-STREAM-INF"))
        .extracting(tag -> Long.valueOf(tag.get("BANDWIDTH")))
        .isSorted();
  }

  @Test
  void hasAnAudioOnlyVariantWhereItIsAskedFor() {
    for (Format format : List.of(Format.HLS_CMAF, Format.HLS_TS_V3)) {
      var tags = audioOnly(format);
      var playlist = parse(of(tags, LOW, ENGLISH));
      assertThat(playlist.uris()).hasSize(2);
      assertThat(playlist.uris().getLast())
          .isEqualTo(
              "QualityLevels(128000)/Manifest(audio_eng,format=%s).m3u8".formatted(format.value()));
      assertThat(playlist.all("EXT-X-STREAM-INF").getLast().get("CODECS")).isEqualTo("mp4a.40.2");
      assertThat(parse(clear(format, LOW, ENGLISH)).uris()).hasSize(1);
    }
  }

  @Test
  void marksAudioThatDescribesThePicturesAndMakesItNoDefault() {
    var described =
        Tracks.meantFor(
            new Purpose(Optional.of("alternate"), Optional.of("description")),
            HlsTracks.ENGLISH_HE);
    assertThat(parse(clear(Format.HLS_CMAF, LOW, described, ENGLISH)).all("EXT-X-MEDIA"))
        .extracting(tag ->
            "%s %s %s %s"
                .formatted(
                    tag.get("URI").replaceAll("/.*", ""),
                    tag.get("DEFAULT"),
                    tag.get("AUTOSELECT"),
                    tag.get("CHARACTERISTICS")))
        .containsExactly(
            "QualityLevels(128000) YES YES null",
            "QualityLevels(64000) NO YES public.accessibility.describes-video");
  }

  @Test
  void listsAudioAsVariantsWhereThereIsNoVideo() {
    assertThat(parse(clear(Format.HLS_CMAF, ENGLISH)).uris())
        .containsExactly("QualityLevels(128000)/Manifest(audio_eng,format=m3u8-cmaf).m3u8");
    assertThat(parse(clear(Format.HLS_CMAF, ENGLISH)).has("EXT-X-MEDIA")).isFalse();
    assertThat(parse(clear(Format.HLS_TS_V3, ENGLISH, HlsTracks.ENGLISH_HE)).uris())
        .containsExactly(
            "QualityLevels(64000)/Manifest(audio_eng,format=m3u8-aapl-v3).m3u8",
            "QualityLevels(128000)/Manifest(audio_eng,format=m3u8-aapl-v3).m3u8");
  }

  @Test
  void keepsAllAudioInOneGroupWhereCodecsHaveDifferentLanguages() {
    var playlist =
        parse(clear(Format.HLS_CMAF, LOW, ENGLISH, HlsTracks.GERMAN, HlsTracks.ENGLISH_HE));
    assertThat(playlist.all("EXT-X-MEDIA"))
        .extracting(
            tag -> tag.get("GROUP-ID") + " " + tag.get("NAME") + " " + tag.get("AUTOSELECT"))
        .containsExactly("audio audio_eng YES", "audio audio_deu YES", "audio audio_eng_64000 NO");
    assertThat(playlist.all("EXT-X-STREAM-INF"))
        .extracting(tag -> tag.get("CODECS"))
        .containsExactly("avc1.64001f,mp4a.40.2,mp4a.40.5");
  }

  @Test
  void addsTheWorstAudioOfTheGroup() {
    var loud = Tracks.audio("audio_fra", 256_000, "fr", scaled(ENGLISH, 2));
    long alone = bandwidth(clear(Format.HLS_CMAF, LOW, ENGLISH));
    long both = bandwidth(clear(Format.HLS_CMAF, LOW, ENGLISH, loud));
    assertThat(both - alone).isBetween(125_000L, 135_000L);
  }

  @Test
  void namesTheAudioThatIsMuxed() {
    var presentation = clear(Format.HLS_TS_V3, LOW, ENGLISH, HlsTracks.GERMAN);
    assertThat(parse(presentation).uris())
        .containsExactly(
            "QualityLevels(640000)/Manifest(video,format=m3u8-aapl-v3,audiotrack=audio_eng).m3u8");
    var tags = withAudio(presentation.tags(), "AUDIO_DEU");
    assertThat(parse(new Presentation(presentation.tracks(), tags)).uris())
        .containsExactly(
            "QualityLevels(640000)/Manifest(video,format=m3u8-aapl-v3,audiotrack=audio_deu).m3u8");
    assertRefused(
        new Presentation(presentation.tracks(), withAudio(tags, "none")),
        FailureCode.MPE_EGRESS_TRACK_NOT_FOUND);
    assertThat(parse(clear(Format.HLS_TS_V3, LOW)).uris())
        .containsExactly("QualityLevels(640000)/Manifest(video,format=m3u8-aapl-v3).m3u8");
  }

  @Test
  void refusesToMuxWhatIsNotProtectedAlike() {
    var presentation =
        new Presentation(
            List.of(HlsTracks.with(HlsTracks.cbc(), LOW), HlsTracks.clear(ENGLISH)),
            HlsTracks.tags(Format.HLS_TS_V3));
    assertRefused(presentation, FailureCode.MPE_ENC_ENCRYPTION_NOT_SUPPORTED);
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(
            () -> new MediaPlaylist().render(presentation, presentation.tracks().getFirst()));
  }

  @Test
  void refusesKeyframesOfWhatHasNone() {
    for (Presentation presentation :
        List.of(clear(Format.HLS_CMAF, ENGLISH), clear(Format.HLS_TS_V3, LOW))) {
      assertThatExceptionOfType(CallerFailure.class)
          .isThrownBy(() ->
              new MediaPlaylist()
                  .render(HlsTracks.keyframes(presentation), presentation.tracks().getFirst()))
          .withMessageStartingWith("type: keyframes");
    }
  }

  @Test
  void letsNoNameEndItsQuotesOrItsLine() {
    var first = Tracks.audio("a\",URI=\"x\"\r\n#EXT\u2028", 1, "en", ENGLISH.fragments());
    var second = Tracks.audio("a',URI='x' \r#EXT\u2029", 2, "e\"n", ENGLISH.fragments());
    var playlist = parse(clear(Format.HLS_CMAF, LOW, first, second));
    assertThat(playlist.all("EXT-X-MEDIA"))
        .extracting(tag -> tag.get("NAME"))
        .containsExactly("a',URI='x'  #EXT ", "a',URI='x'  #EXT _2");
    assertThat(playlist.all("EXT-X-MEDIA").getLast().has("LANGUAGE")).isFalse();
    assertThat(playlist.all("EXT-X-MEDIA").getFirst().get("URI"))
        .isEqualTo(
            "QualityLevels(1)/Manifest(a%22%2CURI%3D%22x%22%0D%0A%23EXT%E2%80%A8,"
                + "format=m3u8-cmaf).m3u8");
  }

  @Test
  void hasTheHighestRateOfAnyRowOfSegments() {
    // Target 4 s: rows of 2 to 6 s. A single second is no row, however large.
    var fragments =
        Tracks.fragmentsOfSizes(
            new long[] {400_000, 2_000_000, 1_000_000, 400_000}, 0, 4000, 1000, 2000, 4000);
    var video = Tracks.video("video", 1, 16, 16, 1000, fragments);
    // 3,000,000 bytes in the 3 s of the second and the third.
    assertThat(bandwidth(clear(Format.HLS_CMAF, video))).isBetween(8_000_000L, 8_010_000L);
    assertThat(average(clear(Format.HLS_CMAF, video)))
        .isBetween(3_800_000L * 8 / 11, 3_810_000L * 8 / 11);
  }

  private static FragmentIndex scaled(Track track, int factor) {
    var fragments = track.fragments();
    long[] sizes = new long[fragments.count()];
    long[] durations = new long[fragments.count()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = fragments.sampleBytes(i) * factor;
      durations[i] = fragments.durationTicks(i);
    }
    return Tracks.fragmentsOfSizes(sizes, 0, durations);
  }

  private static void assertRefused(Presentation presentation, FailureCode code) {
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> new MultivariantPlaylist().render(presentation))
        .satisfies(failure -> assertThat(failure.code()).isEqualTo(code));
  }

  private static long bandwidth(Presentation presentation) {
    return Long.parseLong(parse(presentation).all("EXT-X-STREAM-INF").getFirst().get("BANDWIDTH"));
  }

  private static long average(Presentation presentation) {
    return Long.parseLong(
        parse(presentation).all("EXT-X-STREAM-INF").getFirst().get("AVERAGE-BANDWIDTH"));
  }

  private static StreamTags audioOnly(Format format) {
    return new StreamTags(
        format, Optional.empty(), List.of(), Optional.empty(), true, false, List.of());
  }

  private static StreamTags withAudio(StreamTags tags, String name) {
    return new StreamTags(
        tags.format(), tags.encryption(), List.of(), Optional.of(name), false, false, List.of());
  }

  private static Presentation clear(Format format, Track... tracks) {
    return of(HlsTracks.tags(format), tracks);
  }

  private static Presentation of(StreamTags tags, Track... tracks) {
    List<PresentedTrack> presented = Stream.of(tracks).map(HlsTracks::clear).toList();
    return new Presentation(presented, tags);
  }

  private static ParsedPlaylist parse(Presentation presentation) {
    return ParsedPlaylist.parse(new String(new MultivariantPlaylist().render(presentation), UTF_8));
  }
}
