package dev.sluice.origin.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.catalog.Document.Filter;
import dev.sluice.origin.catalog.DocumentReader;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.manifest.dash.MpdRenderer;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.route.StreamTags;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.track.Title;
import dev.sluice.origin.track.TitleReader;
import dev.sluice.origin.track.Track;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FilteredTitleTest {
  /** 10 s of video in fragments of 2 s; of English in fragments of 2.5 s; 4 s of German. */
  private static final Title TITLE =
      new Title(
          "bear.ism",
          List.of(
              MediaOfTests.video(3_000_000, 1080, MediaOfTests.fragments(5, 180_000)),
              MediaOfTests.video(800_000, 480, MediaOfTests.fragments(5, 180_000)),
              MediaOfTests.video(400_000, 240, MediaOfTests.fragments(5, 180_000)),
              MediaOfTests.audio("en", MediaOfTests.fragments(4, 120_000)),
              MediaOfTests.audio("de", MediaOfTests.fragments(2, 96_000))),
          "1");

  private static final Path DEMO = Path.of("src/main/resources/dev/sluice/origin/demo");

  @TempDir private Path media;

  @Test
  void leavesAllWithoutFilters() {
    assertThat(FilteredTitle.filter(TITLE, List.of()).tracks()).isEqualTo(TITLE.tracks());
    assertThat(FilteredTitle.filter(TITLE, List.of(range("", ""))).tracks())
        .isEqualTo(TITLE.tracks());
  }

  /** Seconds; then the fragments left of the video, of the English, and of the German. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2  | 4    | 1       | 0 1     | 1
          0  | 2    | 0       | 0       | 0
          1  | 3    | 0 1     | 0 1     | 0 1
          3  |      | 1 2 3 4 | 1 2 3   | 1
             | 5    | 0 1 2   | 0 1     | 0 1
          4  | 6    | 2       | 1 2     | -
          9  | 99   | 4       | 3       | -
          """)
  void keepsFragmentsThatStraddleAnEdge(
      @Nullable String start, @Nullable String end, String video, String english, String german) {
    var filter = range(start == null ? "" : start, end == null ? "" : end);
    var tracks = FilteredTitle.filter(TITLE, List.of(filter)).tracks();
    var expected = new ArrayList<>(List.of(video, video, video, english));
    if (!german.equals("-")) {
      expected.add(german);
    }
    assertThat(tracks.stream().map(FilteredTitleTest::fragments).toList()).isEqualTo(expected);
    assertThat(FilteredTitle.contains(german(), List.of(filter))).isEqualTo(!german.equals("-"));
    // What of the whole title is left, by fragment: the same.
    assertThat(left(TITLE.tracks().getFirst(), filter)).isEqualTo(video);
    assertThat(left(german(), filter)).isEqualTo(german.equals("-") ? "" : german);
  }

  @Test
  void carriesEverythingElseOfATrack() {
    Track whole = TITLE.tracks().getFirst();
    Track trimmed = FilteredTitle.filter(TITLE, List.of(range("2", "4"))).tracks().getFirst();
    assertThat(trimmed.name()).isEqualTo(whole.name());
    assertThat(trimmed.bitrate()).isEqualTo(whole.bitrate());
    assertThat(trimmed.header()).isEqualTo(whole.header());
    assertThat(trimmed.object()).isEqualTo(whole.object());
    assertThat(trimmed.fragments().startTicks(0)).isEqualTo(180_000);
    assertThat(trimmed.fragments().endTicks()).isEqualTo(360_000);
  }

  /** The quality asked for, the one that is first, and the order of the video. */
  @ParameterizedTest
  @CsvSource({
    "3000000, 3000000 800000 400000",
    "800000, 800000 3000000 400000",
    "2999999, 800000 3000000 400000",
    "400000, 400000 3000000 800000",
    "1, 400000 3000000 800000",
    "2000000000, 3000000 800000 400000",
  })
  void putsTheFirstQualityFirst(long asked, String order) {
    var filtered =
        FilteredTitle.filter(
            TITLE, List.of(filter("\"firstQuality\": {\"bitrate\": %d}".formatted(asked))));
    assertThat(
            filtered.tracks().stream()
                .filter(t -> t.kind() == TrackKind.VIDEO)
                .map(t -> Long.toString(t.bitrate()))
                .collect(Collectors.joining(" ")))
        .isEqualTo(order);
    assertThat(filtered.firstQuality().map(String::valueOf))
        .contains(order.substring(0, order.indexOf(' ')));
    assertThat(filtered.tracks()).hasSize(5);
  }

  @Test
  void takesTheFirstQualityOfWhatIsLeft() {
    var filters =
        List.of(
            filter("\"firstQuality\": {\"bitrate\": 900000}"),
            filter(selection("Bitrate", "0-500000")));
    assertThat(FilteredTitle.filter(TITLE, filters).firstQuality()).contains(400_000L);
    var audioOnly =
        List.of(
            filter("\"firstQuality\": {\"bitrate\": 900000}"), filter(selection("Type", "Audio")));
    assertThat(FilteredTitle.filter(TITLE, audioOnly).firstQuality()).isEmpty();
  }

  @Test
  void refusesATitleOfWhichNothingIsLeft() {
    for (var filters :
        List.of(
            List.of(filter(selection("Type", "Text"))),
            List.of(range("10", "")),
            List.of(range("2", "4"), range("4", "6")),
            List.of(filter(selection("Type", "Video")), filter(selection("Type", "Audio"))))) {
      assertThatExceptionOfType(CallerFailure.class)
          .isThrownBy(() -> FilteredTitle.filter(TITLE, filters))
          .withMessageStartingWith("filters \"f\"")
          .matches(failure -> failure.code() == FailureCode.MPE_FILTER_REMOVED_ALL_STREAMS);
    }
  }

  @Test
  void excludesTracksThatAFilterDoesNotKeep() {
    var filters = List.of(filter(selection("Language", "en")));
    assertThat(FilteredTitle.contains(german(), filters)).isFalse();
    assertThat(FilteredTitle.contains(german(), 0, filters)).isFalse();
    assertThat(FilteredTitle.contains(TITLE.tracks().get(3), 0, filters)).isTrue();
  }

  /** Media and renderer, to see that a manifest of a trimmed title begins at its first fragment. */
  @Test
  void rendersATrimmedTitle() throws IOException {
    Path folder = Files.createDirectory(media.resolve("demo"));
    Files.copy(DEMO.resolve("video_240.mp4"), folder.resolve("video_240.mp4"));
    var reader = new TitleReader(new FileObjectStore(media), 16);
    Title title = reader.read("demo", Optional.empty(), "demo");
    Track whole = title.tracks().getFirst();
    long second = whole.timescale();
    var tracks = FilteredTitle.filter(title, List.of(range("11", "20"))).tracks();
    var tags =
        new StreamTags(
            Format.DASH_CSF,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            false,
            false,
            List.of());
    var presented = List.of(new PresentedTrack(tracks.getFirst(), Optional.empty()));
    String mpd = new String(new MpdRenderer().render(new Presentation(presented, tags)), UTF_8);
    // 30 s in fragments of 2 s: the one from 10 s on straddles the edge.
    assertThat(whole.fragments().count()).isEqualTo(15);
    // The set for trick modes has the same timeline as that of the video.
    String timeline = "<S t=\"%d\" d=\"%d\" r=\"4\"/>".formatted(10 * second, 2 * second);
    assertThat(mpd.split("<S ", -1)).hasSize(1 + 2);
    assertThat(mpd.split(timeline, -1)).hasSize(1 + 2);
    assertThat(mpd)
        .contains("mediaPresentationDuration=\"PT10S\"")
        .contains("presentationTimeOffset=\"%d\"".formatted(10 * second));
  }

  private static Track german() {
    return TITLE.tracks().getLast();
  }

  private static String left(Track track, Filter filter) {
    return IntStream.range(0, track.fragments().count())
        .filter(i -> FilteredTitle.contains(track, i, List.of(filter)))
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(" "));
  }

  /** The numbers that a track's fragments have in the whole title. */
  private static String fragments(Track track) {
    Track whole = TITLE.find(track.name(), track.bitrate()).orElseThrow();
    return IntStream.range(0, track.fragments().count())
        .map(i -> whole.fragments().find(track.fragments().startTicks(i)))
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(" "));
  }

  private static Filter range(String start, String end) {
    String members =
        "\"timescale\": 1"
            + (start.isEmpty() ? "" : ", \"startTimestamp\": " + start)
            + (end.isEmpty() ? "" : ", \"endTimestamp\": " + end);
    return filter("\"presentationTimeRange\": {" + members + "}");
  }

  private static String selection(String property, String value) {
    return """
    "tracks": [{"trackSelections": [
      {"property": "%s", "operation": "Equal", "value": "%s"}]}]
    """
        .formatted(property, value);
  }

  private static Filter filter(String members) {
    String json = "{\"kind\": \"Filter\", \"name\": \"f\", %s}".formatted(members);
    return (Filter) DocumentReader.read(json.getBytes(UTF_8)).getFirst().document();
  }
}
