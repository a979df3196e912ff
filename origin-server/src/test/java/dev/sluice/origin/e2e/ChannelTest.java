package dev.sluice.origin.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.catalog.StoredCatalog;
import dev.sluice.origin.delivery.StreamingUrls;
import dev.sluice.origin.delivery.StreamingUrls.StreamingUrl;
import dev.sluice.origin.delivery.Titles;
import dev.sluice.origin.key.MasterKey;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.track.TitleReader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A channel's catalog ({@code catalog/channel.json}): titles under DRM, under AES-128, in the
 * clear, for download, with the sound in the clear, and with two schemes to choose from. What its
 * policies name is served whole; everything else is refused, by name.
 */
final class ChannelTest {
  private static final List<String> ENCRYPTIONS =
      List.of("", "none", "cenc", "cbcs", "cbcs-aapl", "cbc", "piff");
  private static final Map<String, String> CODES =
      Map.of(
          "ambiguous", "400 MPE_ENC_ENCRYPTION_NOT_SPECIFIED_IN_URL",
          "required", "403 MPE_ENC_ENCRYPTION_REQUIRED",
          "notset", "403 MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY",
          "blocked", "403 MPE_OUTPUT_FORMAT_BLOCKED",
          "noform", "415 MPE_ENC_ENCRYPTION_NOT_SUPPORTED");

  @TempDir private static Path folder;
  private static RunningServer server;
  private static long bitrate;

  @BeforeAll
  static void serve() {
    Path data = folder.resolve("data");
    RunningServer.run(
        "apply",
        "-f",
        Path.of("src/test/resources/catalog/channel.json").toString(),
        "--data",
        data.toString());
    server = RunningServer.serve(List.of(), SourceTitles.root(), data);
    String playlist = Crawl.of(server, "/fox/fox.ism/manifest(format=m3u8-cmaf)").manifest();
    String url = Playlist.parse(playlist).uris().getFirst();
    bitrate = Long.parseLong(url.substring(url.indexOf('(') + 1, url.indexOf(')')));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** In the order protocol, scheme: how many URLs {@code sluice urls} prints. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bear | DASH cenc=2, HLS cbcs=3, Smooth cenc=2, Smooth piff=2
          lion | DASH cbc=2, HLS cbc=3, Smooth cbc=2
          fox  | DASH clear=2, HLS clear=3
          owl  | Download clear=1
          lynx | DASH cbcs=2, DASH cenc=2, HLS cbcs=3, HLS cenc=1, Smooth cbcs=2, Smooth cenc=2, Smooth piff=2
          wolf | DASH cenc=2, HLS cbcs=2, Smooth cenc=2, Smooth piff=2
          algebra | DASH cenc=2, DASH clear=2, HLS cenc=1, HLS clear=3, Smooth cenc=2, Smooth clear=2, Smooth piff=2
          """)
  void everyUrlAnswersWithAllThatItNames(String asset, String expected) {
    var video = ClearSource.of(SourceTitles.root().resolve("sidx/video.mp4"));
    var audio = ClearSource.of(SourceTitles.root().resolve("sidx/audio.mp4"));
    var picture = new ClearScanner(video.secrets(ClearSource.HEADER_BYTES));
    var sound = new ClearScanner(audio.secrets(ClearSource.HEADER_BYTES));
    var urls = urlsOf(asset);
    assertThat(
            urls.stream()
                .collect(
                    Collectors.groupingBy(
                        u -> u.protocol() + " " + u.scheme(), Collectors.counting()))
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(", ")))
        .isEqualTo(expected);

    for (var url : urls) {
      if (url.protocol().equals("Download")) {
        assertThat(server.get(url.url())).isNotEmpty();
        continue;
      }
      var crawl = Crawl.of(server, url.url());
      boolean clear = url.scheme().equals("clear");
      var leaking = new TreeSet<String>();
      crawl
          .segments()
          .forEach((path, bytes) -> {
            boolean isVideo = path.contains("(video");
            // Transport packets cut payloads up, and the pattern of cbcs leaves most of a picture.
            boolean isTelling = !path.contains("m3u8-aapl") && !(isVideo && path.contains("cbcs"));
            if (isTelling && (isVideo ? picture : sound).leakIn(bytes).isPresent()) {
              leaking.add(isVideo ? "video" : "audio");
            }
          });
      boolean isTransport = url.format().startsWith("m3u8-aapl");
      assertThat(String.join(" ", leaking))
          .as(url.url())
          .isEqualTo(
              isTransport ? "" : clear ? "audio video" : asset.equals("wolf") ? "audio" : "");
      assertThat(isProtected(crawl)).as(url.url()).isEqualTo(!clear);
    }
  }

  private static boolean isProtected(Crawl crawl) {
    if (!crawl.playlists().isEmpty()) {
      return Playlist.parse(crawl.manifest()).has("EXT-X-SESSION-KEY");
    }
    return crawl.manifest().contains("<ContentProtection")
        || crawl.manifest().contains("<ProtectionHeader");
  }

  /** The answers to no {@code encryption=}, none, cenc, cbcs, cbcs-aapl, cbc, piff. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bear | mpd-time-csf  | ok required ok notset notset notset noform
          bear | mpd-time-cmaf | ok required ok notset notset notset noform
          bear | m3u8-cmaf     | ok required notset ok ok notset notset
          bear | m3u8-aapl     | ok required notset ok ok notset notset
          bear | m3u8-aapl-v4  | ok required notset ok ok notset notset
          bear | m3u8-aapl-v3  | ok required notset ok ok notset notset
          bear | ''            | ok required ok notset notset notset ok
          bear | fmp4-v20      | ok required ok notset notset notset ok
          lion | mpd-time-csf  | ok required notset notset notset ok notset
          lion | mpd-time-cmaf | ok required notset notset notset ok notset
          lion | m3u8-cmaf     | ok required notset notset notset ok notset
          lion | m3u8-aapl     | ok required notset notset notset ok notset
          lion | m3u8-aapl-v4  | ok required notset notset notset ok notset
          lion | m3u8-aapl-v3  | ok required notset notset notset ok notset
          lion | ''            | ok required notset notset notset ok notset
          lion | fmp4-v20      | ok required notset notset notset ok notset
          fox  | mpd-time-csf  | ok ok notset notset notset notset notset
          fox  | mpd-time-cmaf | ok ok notset notset notset notset notset
          fox  | m3u8-cmaf     | ok ok notset notset notset notset notset
          fox  | m3u8-aapl     | ok ok notset notset notset notset notset
          fox  | m3u8-aapl-v4  | ok ok notset notset notset notset notset
          fox  | m3u8-aapl-v3  | ok ok notset notset notset notset notset
          fox  | ''            | blocked blocked blocked blocked blocked blocked blocked
          fox  | fmp4-v20      | blocked blocked blocked blocked blocked blocked blocked
          owl  | mpd-time-csf  | blocked blocked blocked blocked blocked blocked blocked
          owl  | mpd-time-cmaf | blocked blocked blocked blocked blocked blocked blocked
          owl  | m3u8-cmaf     | blocked blocked blocked blocked blocked blocked blocked
          owl  | m3u8-aapl     | blocked blocked blocked blocked blocked blocked blocked
          owl  | m3u8-aapl-v4  | blocked blocked blocked blocked blocked blocked blocked
          owl  | m3u8-aapl-v3  | blocked blocked blocked blocked blocked blocked blocked
          owl  | ''            | blocked blocked blocked blocked blocked blocked blocked
          owl  | fmp4-v20      | blocked blocked blocked blocked blocked blocked blocked
          lynx | mpd-time-csf  | ambiguous required ok ok ok notset noform
          lynx | mpd-time-cmaf | ambiguous required ok ok ok notset noform
          lynx | m3u8-cmaf     | ambiguous required ok ok ok notset noform
          lynx | m3u8-aapl     | ambiguous required noform ok ok notset noform
          lynx | m3u8-aapl-v4  | ambiguous required noform ok ok notset noform
          lynx | m3u8-aapl-v3  | ambiguous required noform ok ok notset noform
          lynx | ''            | ambiguous required ok ok ok notset ok
          lynx | fmp4-v20      | ambiguous required ok ok ok notset ok
          wolf | mpd-time-csf  | ok required ok notset notset notset noform
          wolf | m3u8-cmaf     | ok required notset ok ok notset notset
          wolf | m3u8-aapl     | ok required notset ok ok notset notset
          wolf | m3u8-aapl-v3  | noform required notset noform noform notset notset
          wolf | ''            | ok required ok notset notset notset ok
          """)
  void refusesWhatNoPolicyNames(String asset, String format, String row) {
    List<String> answers = List.of(row.split(" ", -1));
    assertThat(answers).hasSameSizeAs(ENCRYPTIONS);
    for (int i = 0; i < answers.size(); i++) {
      String tags = tags(format, ENCRYPTIONS.get(i));
      String base = base(asset);
      for (String path : List.of("manifest(" + tags + ")", fragment(tags))) {
        String url = base + path.replace("()", "").replace(",)", ")");
        if (answers.get(i).equals("ok")) {
          assertThat(server.send("HEAD", url).statusCode()).as(url).isEqualTo(200);
          continue;
        }
        var refusal = Refusal.of(server, url);
        assertThat(refusal.brief()).as(url).isEqualTo(CODES.get(answers.get(i)));
        if (refusal.status() != 415) {
          assertThat(refusal.detail())
              .as(url)
              .containsPattern("delivery polic(y|ies),? \"[a-z0-9-]+\"");
        }
        assertThat(refusal.detail()).as(url).contains("(expected: ");
      }
    }
  }

  @Test
  void namesThePoliciesThatRefuse() {
    assertThat(Refusal.of(server, "/fox/fox.ism/manifest").detail())
        .isEqualTo(
            "Smooth: delivery policy \"no-smooth\" blocks it (expected: a protocol that none blocks)");
    assertThat(Refusal.of(server, "/lynx/lynx.ism/manifest(format=m3u8-cmaf)").detail())
        .isEqualTo(
            "encryption: absent, and delivery policies \"ctr\", \"pattern\" give HLS several schemes"
                + " (expected: cenc or cbcs)");
    assertThat(
            Refusal.of(server, base("bear") + "manifest(format=m3u8-cmaf,encryption=cenc)")
                .detail())
        .isEqualTo(
            "encryption: cenc: delivery policy \"fairplay\" does not enable it for HLS (expected: cbcs)");
  }

  @ParameterizedTest
  @CsvSource({"bear", "lion", "fox", "lynx", "wolf"})
  void givesNoFileOfAStreamedTitle(String asset) {
    var refusal =
        Refusal.of(server, Crawl.folder(base(asset).replaceFirst("/$", "")) + "video.mp4");
    assertThat(refusal.brief()).isEqualTo("403 MPE_OUTPUT_FORMAT_BLOCKED");
  }

  /** The scheme chosen by URL has the key, and the only default_KID, of its type. */
  @Test
  void keepsTwoSchemesOfATitleApart() {
    for (String scheme : List.of("cenc", "cbcs")) {
      String keyId = "60000000-0000-4000-8000-00000000000" + (scheme.equals("cenc") ? 4 : 5);
      var dash =
          Crawl.of(
              server, "/lynx/lynx.ism/manifest(format=mpd-time-csf,encryption=" + scheme + ")");
      assertThat(dash.manifest())
          .contains("value=\"%s\" cenc:default_KID=\"%s\"".formatted(scheme, keyId));
      assertThat(dash.inits().values())
          .allSatisfy(init -> assertThat(Segment.keyIdOf(init)).contains(keyId));
      String hls =
          Crawl.of(server, "/lynx/lynx.ism/manifest(format=m3u8-cmaf,encryption=" + scheme + ")")
              .manifest();
      var key = Playlist.parse(hls).all("EXT-X-SESSION-KEY").getFirst();
      assertThat(key.get("METHOD"))
          .isEqualTo(scheme.equals("cenc") ? "SAMPLE-AES-CTR" : "SAMPLE-AES");
      assertThat(key.get("URI")).endsWith("kid=" + keyId);
    }
  }

  @Test
  void leavesTheSoundInTheClearWhereThePolicySaysSo() {
    var dash = Crawl.of(server, "/wolf/wolf.ism/manifest(format=mpd-time-cmaf)");
    for (var representation :
        Mpd.parse(server.get("/wolf/wolf.ism/manifest(format=mpd-time-cmaf)")).representations()) {
      boolean isVideo = representation.contentType().equals("video");
      assertThat(representation.keyId().isPresent()).isEqualTo(isVideo);
      byte[] init = dash.init("/wolf/wolf.ism/" + representation.initialization());
      assertThat(Segment.keyIdOf(init).isPresent()).isEqualTo(isVideo);
    }
    for (String format : List.of("m3u8-cmaf", "m3u8-aapl")) {
      var hls = Crawl.of(server, "/wolf/wolf.ism/manifest(format=" + format + ")");
      assertThat(hls.playlist("Manifest(video").has("EXT-X-KEY")).isTrue();
      assertThat(hls.playlist("Manifest(audio").has("EXT-X-KEY")).isFalse();
    }
    var smooth = SmoothClientManifest.parse(server.get("/wolf/wolf.ism/manifest"));
    assertThat(smooth.playReadyHeader()).contains("<KID>");
  }

  /** Smooth clients find the key id in the PlayReady header, whoever makes licences. */
  @Test
  void smoothAlwaysHasThePlayReadyHeader() {
    for (String tags :
        List.of("encryption=cenc", "encryption=piff", "format=fmp4-v20,encryption=cenc")) {
      String header =
          SmoothClientManifest.parse(server.get("/lynx/lynx.ism/manifest(" + tags + ")"))
              .playReadyHeader();
      assertThat(header).contains("version=\"4.0.0.0\"", "<KID>").doesNotContain("LA_URL");
    }
  }

  /** Names are encoded in the URLs of all manifests; a client may encode more than it must. */
  @Test
  void servesAManifestWhoseNameHasASpace() {
    var url = urlsOf("algebra").getFirst().url();
    assertThat(url)
        .isEqualTo("/algebra/Linear%20Algebra.ism/manifest(format=mpd-time-csf,encryption=none)");
    assertThat(server.get(url.replace("(", "%28").replace(")", "%29").replace("A", "%41")))
        .isEqualTo(server.get(url));
    assertThat(Refusal.of(server, "/algebra/algebra.ism/manifest(encryption=none)").brief())
        .isEqualTo("404 MPE_RESOURCE_NOT_FOUND");
  }

  /** No https page meets an http URL. */
  @Test
  void writesUrlsOfTheSchemeThatItIsAskedBy() throws Exception {
    for (String path :
        List.of(
            "/lion/lion.ism/manifest",
            "/lion/lion.ism/manifest(format=mpd-time-csf)",
            "/lion/lion.ism/manifest(format=m3u8-aapl)",
            "/lion/lion.ism/QualityLevels(%d)/Manifest(video,format=m3u8-cmaf)".formatted(bitrate),
            "/lynx/lynx.ism/manifest(format=mpd-time-cmaf,encryption=cenc)",
            "/lynx/lynx.ism/manifest(format=m3u8-cmaf,encryption=cbcs)",
            base("bear") + "manifest(format=mpd-time-csf)")) {
      assertThat(new String(server.get(path), UTF_8))
          .contains("http://origin.test:8080/keys/")
          .doesNotContain("https://origin.test");
      assertThat(new String(server.getByTls(path), UTF_8))
          .contains("https://origin.test:8443/keys/")
          .doesNotContain("http://origin.test");
    }
    String smooth = base("bear") + "manifest";
    assertThat(SmoothClientManifest.parse(server.get(smooth)).playReadyHeader())
        .contains("<LA_URL>http://origin.test:8080/keys/PlayReady/</LA_URL>");
    assertThat(SmoothClientManifest.parse(server.getByTls(smooth)).playReadyHeader())
        .contains("<LA_URL>https://origin.test:8443/keys/PlayReady/</LA_URL>");
    // A FairPlay client replaces skd by https, whatever the page came by.
    String hls = base("bear") + "manifest(format=m3u8-cmaf)";
    assertThat(new String(server.get(hls), UTF_8))
        .contains("\"skd://origin.test:8443/keys/FairPlay/?kid=")
        .isEqualTo(new String(server.getByTls(hls), UTF_8));
  }

  private static List<StreamingUrl> urlsOf(String asset) {
    Path data = folder.resolve("data");
    var random = new SecureRandom();
    try (var catalog =
        StoredCatalog.open(data, MasterKey.open(Optional.empty(), data, random), random)) {
      var store = new FileObjectStore(SourceTitles.root());
      var titles = new Titles(store, new TitleReader(store, 64), System::nanoTime, 1_000_000);
      return new StreamingUrls(catalog, titles).of(asset);
    }
  }

  @Test
  void printsTheUrlsOfAnAsset() {
    assertThat(
            RunningServer.run(
                    "urls",
                    "bear",
                    "--data",
                    folder.resolve("data").toString(),
                    "--media",
                    SourceTitles.root().toString(),
                    "--public-url",
                    "https://tv.example")
                .lines())
        .containsExactlyElementsOf(
            urlsOf("bear").stream()
                .map(u -> "%s %s https://tv.example%s".formatted(u.protocol(), u.scheme(), u.url()))
                .toList());
  }

  private static String base(String asset) {
    String locator =
        switch (asset) {
          case "bear" -> "90000000-0000-4000-8000-00000000000a";
          case "owl" -> "90000000-0000-4000-8000-00000000000B";
          default -> asset;
        };
    return "/%s/%s.ism/".formatted(locator, asset);
  }

  private static String tags(String format, String encryption) {
    return Arrays.stream(
            new String[] {
              format.isEmpty() ? "" : "format=" + format,
              encryption.isEmpty() ? "" : "encryption=" + encryption
            })
        .filter(tag -> !tag.isEmpty())
        .collect(Collectors.joining(","));
  }

  private static String fragment(String tags) {
    return "QualityLevels(%d)/Fragments(video=0,%s)".formatted(bitrate, tags);
  }
}
