package dev.sluice.origin.manifest.hls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.origin.manifest.Tracks;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.Track;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlaylistTimesTest {
  private static final String DATE = "EXT-X-PROGRAM-DATE-TIME";

  @ParameterizedTest
  @CsvSource({"5500, 6", "5499, 5", "5501, 6", "499, 1", "1, 1", "6006, 6"})
  void roundsTheTargetDurationToTheNearestSecond(long milliseconds, String seconds) {
    assertThat(playlist(track(1000, 0, milliseconds, 1)).value("EXT-X-TARGETDURATION"))
        .isEqualTo(seconds);
  }

  @Test
  void doesNotDriftOverTenHours() {
    // 2.002 s each: 60 frames of 1001/30000 s.
    long[] durations = new long[18_000];
    Arrays.fill(durations, 60_060);
    var playlist = playlist(track(30_000, 0, durations));
    assertThat(playlist.durations().stream().mapToDouble(Double::doubleValue).sum())
        .isCloseTo(18_000 * 2.002, within(1e-3));

    // Thirds of a second, which no decimal is.
    long[] thirds = new long[108_000];
    Arrays.fill(thirds, 1);
    var rounded = playlist(track(3, 0, thirds));
    assertThat(rounded.durations().stream().mapToDouble(Double::doubleValue).sum())
        .isCloseTo(36_000, within(1e-3));
  }

  @Test
  void datesTheFirstSegmentByItsTime() {
    assertThat(playlist(track(90_000, 90_000L * 86_400 + 45, 90_000)).value(DATE))
        .isEqualTo("1970-01-02T00:00:00.000+00:00");
    assertThat(playlist(track(10_000_000, 14_000_001_234_567L, 10_000_000)).value(DATE))
        .isEqualTo("1970-01-17T04:53:20.123+00:00");
  }

  @Test
  void countsAGapToTheSegmentInFrontOfIt() {
    var fragments =
        new FragmentIndex(
            new long[] {0, 3000},
            5000,
            new long[2],
            new int[2],
            new long[] {1, 1},
            50,
            new long[] {2000, 2000});
    assertThat(playlist(Tracks.video("video", 1, 16, 16, 1000, fragments)).durations())
        .containsExactly(3.0, 2.0);
  }

  @Test
  void sharesTheTargetDurationOfTheLongestSegmentOfAnyTrack() {
    var slow = Tracks.audio("slow", 1, "en", Tracks.fragments(0, 48_000 * 9, 48_000));
    var presentation =
        HlsTracks.of(
            HlsTracks.tags(Format.HLS_CMAF), Stream.of(HlsTracks.LOW, slow).map(HlsTracks::clear));
    for (var track : presentation.tracks()) {
      var text = new String(new MediaPlaylist().render(presentation, track), UTF_8);
      assertThat(ParsedPlaylist.parse(text).value("EXT-X-TARGETDURATION")).isEqualTo("9");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "30000,    60,  60060,  29.970",
    "24000,    48,  48048,  23.976",
    "1000,     50,   2000,  25.000",
    "1000,     60,   2002,  29.970",
    "10000000, 48, 20020000, 23.976",
    "90000,    1,   90000,   1.000",
    "90000,    1, 90000000,  0.001"
  })
  void takesTheFrameRateOfTheFullestFragment(
      long timescale, int samples, long ticks, String expected) {
    var fragments =
        new FragmentIndex(
            new long[] {0, ticks},
            ticks + ticks / 2,
            new long[2],
            new int[2],
            new long[2],
            samples);
    assertThat(FrameRate.of(Tracks.video("video", 1, 16, 16, timescale, fragments)))
        .contains(expected);
  }

  @Test
  void keepsTheFrameRateOfTheWholeInATrimmedTitle() {
    var whole =
        new FragmentIndex(
            new long[] {0, 2000}, 2500, new long[2], new int[2], new long[] {1, 1}, 50);
    assertThat(FrameRate.of(Tracks.video("video", 1, 16, 16, 1000, whole.slice(1, 2))))
        .contains("25.000");
  }

  @Test
  void saysNoFrameRateThatDurationsDoNotTell() {
    var still = new FragmentIndex(new long[] {0}, 0, new long[1], new int[1], new long[1], 50);
    assertThat(FrameRate.of(Tracks.video("video", 1, 16, 16, 90_000, still))).isEmpty();
    var flood = new FragmentIndex(new long[] {0}, 1, new long[1], new int[1], new long[1], 50);
    assertThat(FrameRate.of(Tracks.video("video", 1, 16, 16, 90_000, flood))).isEmpty();
    var slow = new FragmentIndex(new long[] {0}, 1L << 53, new long[1], new int[1], new long[1], 1);
    assertThat(FrameRate.of(Tracks.video("video", 1, 16, 16, 1, slow))).isEmpty();
  }

  private static Track track(long timescale, long start, long... durations) {
    return Tracks.video("video", 1, 16, 16, timescale, Tracks.fragments(start, durations));
  }

  private static ParsedPlaylist playlist(Track track) {
    var presentation =
        HlsTracks.of(HlsTracks.tags(Format.HLS_CMAF), Stream.of(HlsTracks.clear(track)));
    return ParsedPlaylist.parse(
        new String(
            new MediaPlaylist().render(presentation, presentation.tracks().getFirst()), UTF_8));
  }
}
