package dev.sluice.origin.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.catalog.Document.Filter;
import dev.sluice.origin.catalog.DocumentReader;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.TrackKind;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrackFiltersTest {
  private static final List<TrackTraits> TITLE =
      List.of(
          new TrackTraits(TrackKind.VIDEO, "hd", "und", "avc1", 3_000_000, 1080),
          new TrackTraits(TrackKind.VIDEO, "sd", "und", "hvc1", 800_000, 480),
          new TrackTraits(TrackKind.AUDIO, "en", "en", "mp4a", 128_000, 0),
          new TrackTraits(TrackKind.AUDIO, "us", "en-US", "ec-3", 384_000, 0),
          new TrackTraits(TrackKind.AUDIO, "de", "de", "mp4a", 96_000, 0),
          new TrackTraits(TrackKind.TEXT, "subs", "enm", "wvtt", 1_000, 0));

  /** Conditions are {@code Property=value} or {@code Property!value}; commas AND, bars OR. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          Type=Video                      ; hd sd
          type=AUDIO                      ; en us de
          Type!Video                      ; en us de subs
          Type=Text                       ; subs
          Name=HD                         ; hd
          Name!hd,Type=Video              ; sd
          Name=none                       ; ``
          Language=en                     ; en us
          Language=eng                    ; en us
          Language=EN-us                  ; us
          Language=en-GB                  ; ``
          Language!en                     ; hd sd de subs
          Language=ger                    ; de
          Language=und                    ; hd sd
          Language!und                    ; en us de subs
          Language=no tag                 ; ``
          Language!no tag                 ; hd sd en us de subs
          FourCC=AVC1                     ; hd
          FourCC!EC-3,Type=Audio          ; en de
          Bitrate=800000                  ; sd
          Bitrate=800000-                 ; hd sd
          Bitrate=0-128000                ; en de subs
          Bitrate=96000-96000             ; de
          Bitrate!0-2999999               ; hd
          Type=Audio,Language!en,FourCC!EC-3|Type=Video,Bitrate=0-2427000; sd de
          Type=Video|Type=Video           ; hd sd
          """)
  void keepsTheTracksThatAFilterSelects(String selections, String kept) {
    assertThat(kept(TrackFilters.compose(List.of(filter("f", tracks(selections))))))
        .isEqualTo(kept);
  }

  @Test
  void intersectsFilters() {
    var composed =
        TrackFilters.compose(
            List.of(
                filter("a", tracks("Type=Audio|Type=Video")),
                filter("b", "\"firstQuality\": {\"bitrate\": 5}"),
                filter("c", tracks("Bitrate=0-1000000"))));
    assertThat(kept(composed)).isEqualTo("sd en us de");
    assertThat(composed.firstQuality()).contains(5L);
    assertThat(composed.keepEverything()).isFalse();
  }

  @Test
  void keepsEverythingWithoutConditions() {
    var first = filter("f", "\"firstQuality\": {\"bitrate\": 5}");
    var live =
        filter(
            "l",
            """
            "presentationTimeRange": {"startTimestamp": 0, "endTimestamp": 9223372036854775807,
              "presentationWindowDuration": 1200000000, "liveBackoffDuration": 60000000}
            """);
    for (List<Filter> filters : List.of(List.<Filter>of(), List.of(first), List.of(live))) {
      var composed = TrackFilters.compose(filters);
      assertThat(composed.keepEverything()).isTrue();
      assertThat(kept(composed)).isEqualTo("hd sd en us de subs");
    }
    assertThat(TrackFilters.compose(List.of(filter("f", range(1, 9, 1)))).keepEverything())
        .isFalse();
  }

  @Test
  void refusesTwoFirstQualities() {
    String first = "\"firstQuality\": {\"bitrate\": 5}";
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> TrackFilters.compose(List.of(filter("a", first), filter("b", first))))
        .withMessage(
            "firstQuality: in filters \"a\" and \"b\" (expected: in one of those that apply)")
        .matches(f ->
            f.code()
                == FailureCode.MPE_FILTER_COMPOSITION_MULTIPLE_FIRST_QUALITY_OPERATOR_NOT_ALLOWED);
  }

  /** Fragments of 2 s in a timescale of 90000: which of them overlap the range. */
  @ParameterizedTest
  @CsvSource({
    "0, 20000000, 10000000, 0",
    "0, 20000001, 10000000, 0 1",
    "20000000, 40000000, 10000000, 1",
    "19999999, 40000000, 10000000, 0 1",
    "39999999, 40000000, 10000000, 1",
    "2, 4, 1, 1",
    "3, 5, 1, 1 2",
    "60060, 60061, 30000, 1",
    "1, 2, 3, 0",
    "5, 6, 1, 2",
    "6, 7, 1, ''",
    "0, 9223372036854775807, 1, 0 1 2",
    "9223372036854775806, 9223372036854775807, 2147483647, ''",
  })
  void overlapsExactly(long start, long end, long timescale, String fragments) {
    assertThat(
            overlapping(TrackFilters.compose(List.of(filter("f", range(start, end, timescale))))))
        .isEqualTo(fragments);
  }

  @Test
  void intersectsRangesOfDifferentTimescales() {
    var composed =
        TrackFilters.compose(
            List.of(
                filter("a", range(1, 5, 1)),
                filter("b", range(60_000, 135_000, 30_000)),
                filter("c", "\"presentationTimeRange\": {\"endTimestamp\": 41000000}")));
    assertThat(composed.range())
        .isEqualTo(
            new MediaRange(
                java.util.Optional.of(new MediaRange.Moment(60_000, 30_000)),
                java.util.Optional.of(new MediaRange.Moment(41_000_000, 10_000_000))));
    assertThat(overlapping(composed)).isEqualTo("1 2");
  }

  @Test
  void leavesNothingWhereRangesDoNotMeet() {
    for (var other : List.of(range(2, 4, 1), range(1, 4, 1))) {
      var composed = TrackFilters.compose(List.of(filter("a", range(0, 1, 1)), filter("b", other)));
      assertThat(overlapping(composed)).isEmpty();
    }
  }

  private static String overlapping(TrackFilters filters) {
    var ticks = filters.range().inTimescale(90_000);
    return List.of(0, 1, 2).stream()
        .filter(i -> ticks.overlap(i * 180_000L, (i + 1) * 180_000L))
        .map(String::valueOf)
        .collect(Collectors.joining(" "));
  }

  private static String kept(TrackFilters filters) {
    return TITLE.stream()
        .filter(filters::keeps)
        .map(TrackTraits::name)
        .collect(Collectors.joining(" "));
  }

  private static String range(long start, long end, long timescale) {
    return """
    "presentationTimeRange": {"startTimestamp": %d, "endTimestamp": %d, "timescale": %d}
    """
        .formatted(start, end, timescale);
  }

  private static String tracks(String selections) {
    return Arrays.stream(selections.split("\\|", -1))
        .map(selection ->
            Arrays.stream(selection.strip().split(",", -1))
                .map(TrackFiltersTest::condition)
                .collect(Collectors.joining(", ", "{\"trackSelections\": [", "]}")))
        .collect(Collectors.joining(", ", "\"tracks\": [", "]"));
  }

  private static String condition(String text) {
    String[] parts = text.split("[=!]", -1);
    return """
    {"property": "%s", "operation": "%s", "value": "%s"}
    """
        .formatted(parts[0], text.contains("!") ? "NotEqual" : "Equal", parts[1]);
  }

  private static Filter filter(String name, String members) {
    String json = "{\"kind\": \"Filter\", \"name\": \"%s\", %s}".formatted(name, members);
    return (Filter) DocumentReader.read(json.getBytes(UTF_8)).getFirst().document();
  }
}
