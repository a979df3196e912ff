package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.oracle.Ffmpeg;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Filters over HTTP: what a manifest leaves out, that all that it leaves answers and has the bytes
 * that it has without the filter, and that those of assets and locators hold for segments too.
 */
final class FiltersOverHttpTest {
  private static final List<String> FORMATS =
      List.of("mpd-time-csf", "mpd-time-cmaf", "m3u8-cmaf", "m3u8-aapl", "fmp4-v20", "");
  private static final Pattern SEGMENT =
      Pattern.compile("QualityLevels\\((\\d+)\\)/Fragments\\(([^=,]+)=(\\d+)");

  @TempDir private static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void serve() {
    Documents.ofKeys()
        .add(filter("english", "", tracks(all("Type", "Audio", "Language", "en"), video())))
        .add(filter("by-name", "", tracks(all("Name", "deutsch"), video())))
        .add(filter("low", "", tracks(all("Type", "Video", "Bitrate", "0-100000"), audio())))
        .add(filter("picture", "", tracks(video())))
        .add(filter("sound", "", tracks(all("FourCC", "mp4a"))))
        .add(filter("middle", "", range(30_000_000, 35_000_000)))
        .add(filter("late", "", range(25_000_000, 600_000_000)))
        .add(filter("early", "", range(0, 30_000_000)))
        .add(filter("after", "", range(600_000_000, 610_000_000)))
        .add(filter("begin-low", "", "\"firstQuality\": {\"bitrate\": 100000}"))
        .add(filter("begin-high", "", "\"firstQuality\": {\"bitrate\": 250000}"))
        .add(filter("of-kids", "\"asset\": \"kids\",", tracks(video())))
        .add(
            """
            {"kind": "AssetDeliveryPolicy", "name": "smooth", "protocols": ["SmoothStreaming"],
             "type": "DynamicCommonEncryption"}
            """)
        .asset("show", "ladder", List.of())
        .asset("two-keys", "ladder", "smooth")
        .asset("one-key", "ladder", List.of(Documents.ONE_KEY_ID), "dash", "smooth")
        .add(
            """
            {"kind": "Asset", "name": "kids", "container": "ladder", "filters": ["low"]}
            """)
        .asset("preview", "ladder", List.of())
        .add(
            """
            {"kind": "StreamingLocator", "id": "90000000-0000-4000-8000-0000000000f1",
             "asset": "preview", "filters": ["early", "english"]}
            """)
        .applyTo(folder.resolve("data"));
    server = RunningServer.serve(List.of(), SourceTitles.root(), folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Tracks as name/bitrate, with their start times in seconds. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          english     | english/96000 0 2 4 6, video/200000 0 2 4, video/80000 0 2 4
          by-name     | deutsch/64000 0 2 4 6, video/200000 0 2 4, video/80000 0 2 4
          low         | deutsch/64000 0 2 4 6, english/96000 0 2 4 6, video/80000 0 2 4
          picture     | video/200000 0 2 4, video/80000 0 2 4
          sound       | deutsch/64000 0 2 4 6, english/96000 0 2 4 6
          middle      | deutsch/64000 2, english/96000 2, video/200000 2, video/80000 2
          late        | deutsch/64000 2 4 6, english/96000 2 4 6, video/200000 2 4, video/80000 2 4
          early       | deutsch/64000 0 2, english/96000 0 2, video/200000 0 2, video/80000 0 2
          low;english | english/96000 0 2 4 6, video/80000 0 2 4
          late;early  | deutsch/64000 2, english/96000 2, video/200000 2, video/80000 2
          low;english;middle | english/96000 2, video/80000 2
          """)
  void leavesWhatTheFiltersSay(String filters, String expected) {
    for (String format : FORMATS) {
      String url = show(format, "filter=" + filters);
      var crawl = Crawl.of(server, url);
      assertThat(left(crawl)).as(url).isEqualTo(expected);
      var whole = Crawl.of(server, show(format, ""));
      crawl
          .segments()
          .forEach((segment, bytes) ->
              assertThat(bytes).as(segment).isEqualTo(whole.segments().get(segment)));
      crawl
          .inits()
          .forEach((path, init) -> assertThat(init).as(path).isEqualTo(whole.inits().get(path)));
    }
  }

  private static String left(Crawl crawl) {
    var tracks = new TreeMap<String, TreeSet<Long>>();
    for (String url : crawl.segments().keySet()) {
      var match = SEGMENT.matcher(url);
      assertThat(match.find()).as(url).isTrue();
      boolean isSmooth = !url.contains("m3u8") && !url.contains("mpd");
      int timescale = isSmooth ? 10_000_000 : match.group(2).equals("video") ? 12_800 : 48_000;
      double second = Double.parseDouble(match.group(3)) / timescale;
      tracks
          .computeIfAbsent(match.group(2) + "/" + match.group(1), _ -> new TreeSet<>())
          .add(Math.round(second));
    }
    var all = new ArrayList<String>();
    tracks.forEach((track, starts) ->
        all.add(track + " " + String.join(" ", starts.stream().map(String::valueOf).toList())));
    return String.join(", ", all);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mpd-time-csf",
        "mpd-time-cmaf",
        "m3u8-cmaf",
        "m3u8-aapl",
        "m3u8-aapl-v3",
        "fmp4-v20",
        ""
      })
  void refusesFiltersThatLeaveNothingOrAreNone(String format) {
    assertThat(Refusal.of(server, show(format, "filter=none")))
        .isEqualTo(
            new Refusal(
                404,
                "MPE_EGRESS_FILTER_NOT_FOUND",
                "filter: none (expected: a filter of this asset or of all)"));
    assertThat(Refusal.of(server, show(format, "filter=of-kids")).code())
        .isEqualTo("MPE_EGRESS_FILTER_NOT_FOUND");
    for (String filters : List.of("after", "picture;sound")) {
      assertThat(Refusal.of(server, show(format, "filter=" + filters)))
          .isEqualTo(
              new Refusal(
                  415,
                  "MPE_FILTER_REMOVED_ALL_STREAMS",
                  "filters \"%s\": they leave nothing of the title (expected: at least one fragment of one track)"
                      .formatted(filters.replace(";", "\", \""))));
    }
    assertThat(Refusal.of(server, show(format, "filter=begin-low;begin-high")).brief())
        .isEqualTo("415 MPE_FILTER_COMPOSITION_MULTIPLE_FIRST_QUALITY_OPERATOR_NOT_ALLOWED");
    assertThat(Refusal.of(server, show(format, "filter=;english")).brief())
        .isEqualTo("400 MPE_BAD_URL_SYNTAX");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mpd-time-cmaf", "m3u8-cmaf", "m3u8-aapl", "m3u8-aapl-v3", ""})
  void beginsWithTheFirstQuality(String format) {
    assertThat(qualities(format, "filter=begin-low")).containsExactly(80_000L, 200_000L);
    assertThat(qualities(format, "filter=begin-high")).containsExactly(200_000L, 80_000L);
  }

  /** The bitrates of the video, in the order of the manifest. */
  private static List<Long> qualities(String format, String tags) {
    byte[] manifest = server.get(show(format, tags));
    if (format.isEmpty()) {
      return SmoothClientManifest.parse(manifest).streams().getFirst().bitrates();
    }
    var urls =
        format.startsWith("mpd")
            ? Mpd.parse(manifest).representations().stream()
                .map(Mpd.Representation::initialization)
                .filter(url -> url.contains("(video="))
                .toList()
            : Playlist.parse(new String(manifest, StandardCharsets.UTF_8)).uris();
    return urls.stream()
        .map(url -> Long.valueOf(url.substring(url.indexOf('(') + 1, url.indexOf(')'))))
        .toList();
  }

  /** Whatever a URL says, and also where it says nothing. */
  @Test
  void enforcesTheFilterOfAnAsset() {
    for (String format : List.of("mpd-time-cmaf", "m3u8-cmaf", "")) {
      String base = "/kids/ladder.ism/";
      String tags = format.isEmpty() ? "" : ",format=" + format;
      assertThat(left(Crawl.of(server, base + "manifest" + tags(format, ""))))
          .isEqualTo("deutsch/64000 0 2 4 6, english/96000 0 2 4 6, video/80000 0 2 4");
      assertThat(left(Crawl.of(server, base + "manifest" + tags(format, "filter=of-kids"))))
          .isEqualTo("video/80000 0 2 4");
      assertThat(
              Refusal.of(server, base + "QualityLevels(200000)/Fragments(video=0" + tags + ")")
                  .brief())
          .isEqualTo("404 MPE_EGRESS_TRACK_NOT_FOUND");
    }
    assertThat(
            Refusal.of(
                    server,
                    "/kids/ladder.ism/QualityLevels(200000)/Fragments(video=i,format=mpd-time-csf)")
                .code())
        .isEqualTo("MPE_EGRESS_TRACK_NOT_FOUND");
    assertThat(
            Refusal.of(
                    server,
                    "/kids/ladder.ism/QualityLevels(200000)/Manifest(video,format=m3u8-aapl)")
                .code())
        .isEqualTo("MPE_EGRESS_TRACK_NOT_FOUND");
  }

  @Test
  void enforcesTheFiltersOfALocator() {
    String base = "/90000000-0000-4000-8000-0000000000f1/ladder.ism/";
    for (String format : FORMATS) {
      assertThat(left(Crawl.of(server, base + "manifest" + tags(format, ""))))
          .isEqualTo("english/96000 0 2, video/200000 0 2, video/80000 0 2");
      String tags = format.isEmpty() ? "" : ",format=" + format;
      boolean isSmooth = format.isEmpty() || format.equals("fmp4-v20");
      String video = base + "QualityLevels(80000)/Fragments(video=";
      int second = isSmooth ? 10_000_000 : 12_800;
      assertThat(server.send("GET", video + 2 * second + tags + ")").statusCode()).isEqualTo(200);
      assertThat(Refusal.of(server, video + 4 * second + tags + ")").brief())
          .isEqualTo("404 MPE_FRAGMENT_TIMESTAMP_NOT_FOUND");
      assertThat(
              Refusal.of(server, base + "QualityLevels(64000)/Fragments(deutsch=0" + tags + ")")
                  .brief())
          .isEqualTo("404 MPE_EGRESS_TRACK_NOT_FOUND");
    }
    assertThat(Refusal.of(server, "/preview/ladder.ism/manifest").brief())
        .isEqualTo("404 MPE_RESOURCE_NOT_FOUND");
  }

  /** A filter may leave the tracks of one key, and so a title that Smooth has room for. */
  @Test
  void leavesOneKeyForSmooth() {
    assertThat(Refusal.of(server, "/two-keys/ladder.ism/manifest").status()).isEqualTo(415);
    assertThat(left(Crawl.of(server, "/two-keys/ladder.ism/manifest(filter=picture)")))
        .isEqualTo("video/200000 0 2 4, video/80000 0 2 4");
  }

  @Test
  void encryptsAsWithoutTheFilter() {
    for (String format : List.of("mpd-time-cmaf", "")) {
      String base = "/one-key/ladder.ism/manifest";
      var filtered = Crawl.of(server, base + tags(format, "filter=late;english"));
      var whole = Crawl.of(server, base + tags(format, ""));
      assertThat(left(filtered))
          .isEqualTo("english/96000 2 4 6, video/200000 2 4, video/80000 2 4");
      filtered
          .segments()
          .forEach((url, bytes) -> assertThat(bytes).as(url).isEqualTo(whole.segments().get(url)));
    }
  }

  // --- HLS with the sound in the segments of the picture

  @Test
  void muxesTheAudioThatIsLeft() {
    var whole = Crawl.of(server, show("m3u8-aapl-v3", ""));
    var german = Crawl.of(server, show("m3u8-aapl-v3", "filter=by-name"));
    assertThat(german.segments().keySet())
        .hasSize(6)
        .allMatch(url -> url.contains(",audiotrack=deutsch"));
    assertThat(whole.segments().keySet())
        .hasSize(6)
        .allMatch(url -> url.contains(",audiotrack=english"));
    var asked = Crawl.of(server, show("m3u8-aapl-v3", "audioTrack=DEUTSCH"));
    assertThat(List.copyOf(asked.segments().values()))
        .usingElementComparator(java.util.Arrays::compare)
        .isEqualTo(List.copyOf(german.segments().values()))
        .isNotEqualTo(List.copyOf(whole.segments().values()));
    assertThat(
            Refusal.of(server, show("m3u8-aapl-v3", "filter=english,audiotrack=deutsch")).brief())
        .isEqualTo("404 MPE_EGRESS_TRACK_NOT_FOUND");
  }

  @Test
  void muxesNoAudioThatAFilterTakesAway() {
    var silent = Crawl.of(server, show("m3u8-aapl-v3", "filter=picture"));
    assertThat(silent.manifest()).doesNotContain("mp4a");
    for (byte[] segment : silent.segments().values()) {
      assertThat(Ffmpeg.packetHashes(Ffmpeg.Input.piped(segment))).hasSize(1);
    }
    var sound = Crawl.of(server, show("m3u8-aapl-v3", "filter=sound"));
    assertThat(left(sound)).isEqualTo("deutsch/64000 0 2 4 6, english/96000 0 2 4 6");
    var trimmed = Crawl.of(server, show("m3u8-aapl-v3", "filter=middle"));
    var whole = Crawl.of(server, show("m3u8-aapl-v3", ""));
    assertThat(trimmed.segments()).hasSize(2);
    trimmed
        .segments()
        .forEach((url, bytes) ->
            assertThat(bytes).isEqualTo(whole.segments().get(url.replace(",filter=middle", ""))));
  }

  @Test
  void writesAVariantOfSoundAloneWhereItIsAskedFor() {
    for (String format : List.of("m3u8-cmaf", "m3u8-aapl", "m3u8-aapl-v3")) {
      String codecs = "CODECS=\"mp4a.40.2\"";
      assertThat(new String(server.get(show(format, "")), StandardCharsets.UTF_8))
          .doesNotContain(codecs);
      var crawl = Crawl.of(server, show(format, "audio-only=true"));
      assertThat(Playlist.parse(crawl.manifest()).values("EXT-X-STREAM-INF").getLast())
          .contains(codecs);
      assertThat(new String(server.get(show(format, "audio-only=false")), StandardCharsets.UTF_8))
          .doesNotContain(codecs);
    }
  }

  // --- A trimmed title begins at its beginning

  @Test
  void playsATrimmedTitleFromItsStart() {
    String mpd = text(show("mpd-time-csf", "filter=late"));
    var video = Mpd.parse(mpd.getBytes(StandardCharsets.UTF_8)).representations().getFirst();
    assertThat(video.segments().getFirst().time()).isEqualTo(25_600);
    // The same moment in the timescales of video and audio: the earliest start of a track.
    assertThat(mpd)
        .contains("timescale=\"12800\" presentationTimeOffset=\"25600\"")
        .contains("timescale=\"48000\" presentationTimeOffset=\"96000\"");
    assertThat(mpd).containsPattern("mediaPresentationDuration=\"PT4(\\.[0-9]+)?S\"");
    for (String format : List.of("mpd-time-csf", "m3u8-cmaf", "m3u8-aapl")) {
      var frames = frames(show(format, "filter=late;low;english"));
      // 2 s to 6 s, without the pictures that a decoder may hold back at the end.
      assertThat(frames.get("0")).as(format).hasSizeBetween(99, 100);
      assertThat(frames.get("1")).as(format).hasSizeBetween(188, 190);
      assertThat(frames.values().stream().map(List::getFirst)).as(format).allMatch(t -> t < 0.25);
    }
    for (var stream : SmoothClientManifest.parse(server.get(show("", "filter=late"))).streams()) {
      assertThat(stream.times().getFirst()).isBetween(20_000_000L, 20_060_000L);
    }
    assertThat(text(show("", "filter=late"))).containsPattern(" Duration=\"40\\d{6}\"");
  }

  /**
   * The times of the decoded pictures ("0") and sound ("1"), in seconds. FFmpeg stops at the end of
   * the shortest stream that it reads, so it gets no trick modes.
   */
  private static Map<String, List<Double>> frames(String url) {
    var frames = new TreeMap<String, List<Double>>();
    for (String line :
        TestMedia.run(
            "ffmpeg",
            "-v",
            "error",
            "-i",
            server.httpBase() + url,
            "-map",
            "0:v:0",
            "-map",
            "0:a:0",
            "-f",
            "framemd5",
            "-")) {
      if (!line.startsWith("#")) {
        String[] columns = line.split(",", -1);
        int timescale = columns[0].strip().equals("0") ? 25 : 48_000;
        frames
            .computeIfAbsent(columns[0].strip(), _ -> new ArrayList<>())
            .add(Double.parseDouble(columns[2].strip()) / timescale);
      }
    }
    return frames;
  }

  @ParameterizedTest
  @ValueSource(strings = {"late", "middle", "picture", "low;english;middle", "begin-low"})
  @EnabledIfEnvironmentVariable(named = "SLUICE_MPD_SCHEMA", matches = ".+")
  void isValidAgainstTheSchema(String filters) throws Exception {
    Path mpd =
        Files.writeString(
            folder.resolve("filtered.mpd"), text(show("mpd-time-csf", "filter=" + filters)));
    String schema =
        Path.of(Optional.ofNullable(System.getenv("SLUICE_MPD_SCHEMA")).orElseThrow())
            .resolve("DASH-MPD.xsd")
            .toString();
    var process =
        new ProcessBuilder("xmllint", "--nonet", "--noout", "--schema", schema, mpd.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private static String text(String url) {
    return new String(Objects.requireNonNull(server.get(url)), StandardCharsets.UTF_8);
  }

  private static String show(String format, String tags) {
    return "/show/ladder.ism/manifest" + tags(format, tags);
  }

  private static String tags(String format, String more) {
    String all = (format.isEmpty() ? "" : "format=" + format) + (more.isEmpty() ? "" : "," + more);
    return all.isEmpty() ? "" : "(" + (all.startsWith(",") ? all.substring(1) : all) + ")";
  }

  private static String filter(String name, String asset, String what) {
    return "{\"kind\": \"Filter\", \"name\": \"%s\", %s %s}".formatted(name, asset, what);
  }

  private static String range(long start, long end) {
    return "\"presentationTimeRange\": {\"startTimestamp\": %d, \"endTimestamp\": %d}"
        .formatted(start, end);
  }

  private static String tracks(String... selections) {
    return "\"tracks\": [%s]".formatted(String.join(", ", selections));
  }

  private static String video() {
    return all("Type", "Video");
  }

  private static String audio() {
    return all("Type", "Audio");
  }

  /** A selection of tracks that have each of these properties. */
  private static String all(String... propertiesAndValues) {
    var conditions = new ArrayList<String>();
    for (int i = 0; i < propertiesAndValues.length; i += 2) {
      conditions.add(
          "{\"property\": \"%s\", \"operation\": \"Equal\", \"value\": \"%s\"}"
              .formatted(propertiesAndValues[i], propertiesAndValues[i + 1]));
    }
    return "{\"trackSelections\": [%s]}".formatted(String.join(", ", conditions));
  }
}
