package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a content delivery network and a browser are told of each kind of answer, and what leaves as
 * a file: a server with {@code cdn-prefetch}.
 */
final class EdgeOverHttpTest {
  private static final String LOCATOR = "90000000-0000-4000-8000-0000000000d1";
  private static final String[] ASKING = {"CDN-Origin-Assist-Prefetch-Enabled", "1"};
  private static final String NEXT = "CDN-Origin-Assist-Prefetch-Path";

  @TempDir private static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void serve() throws IOException {
    Documents.ofKeys()
        .add(policy("cenc", "\"Dash\", \"SmoothStreaming\"", "DynamicCommonEncryption"))
        .add(policy("aes", "\"HLS\"", "DynamicEnvelopeEncryption"))
        .add(policy("clear", "\"All\"", "NoDynamicEncryption"))
        .add(policy("files", "\"ProgressiveDownload\"", "NoDynamicEncryption"))
        .add(policy("no-files", "\"ProgressiveDownload\"", "Blocked"))
        .add(
            """
            {"kind": "ContentKey", "id": "a0000000-0000-4000-8000-0000000000d3",
             "type": "EnvelopeEncryption", "authorizationPolicy": "open"}
            """)
        .add(
            """
            {"kind": "Filter", "name": "early",
             "presentationTimeRange": {"startTimestamp": 0, "endTimestamp": 30000000}}
            """)
        .asset(
            "show",
            "ladder",
            List.of(Documents.ONE_KEY_ID, "a0000000-0000-4000-8000-0000000000d3"),
            "cenc",
            "aes",
            "files")
        .asset("clear", "ladder", List.of(), "clear")
        .asset("no-files", "ladder", List.of(), "clear", "no-files")
        .asset("smooth", "described", List.of(), "clear")
        .add(policy("all", "\"All\"", "DynamicCommonEncryption"))
        .asset("encrypted", "ladder", List.of(Documents.ONE_KEY_ID), "all")
        .asset("preview", "ladder", List.of(), "clear")
        .add(
            """
            {"kind": "StreamingLocator", "id": "%s", "asset": "preview", "filters": ["early"]}
            """
                .formatted(LOCATOR))
        .applyTo(folder.resolve("data"));
    Path config =
        Files.writeString(
            folder.resolve("sluice.yaml"),
            "cdn-prefetch: true\nmanifest-max-age: 7s\nsegment-max-age: 30d\n");
    server =
        RunningServer.start(
            List.of(),
            List.of(
                "serve",
                "--config",
                config.toString(),
                "--port",
                "0",
                "--tls-port",
                "-1",
                "--admin-port",
                "-1",
                "--media",
                SourceTitles.root().toString(),
                "--data",
                folder.resolve("data").toString()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Each answer names the URL that stands behind it in the playlist; the last one names none. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/show/ladder.ism/manifest(format=m3u8-cmaf)",
        "/show/ladder.ism/manifest(format=m3u8-aapl)",
        "/show/ladder.ism/manifest(format=m3u8-aapl-v3)",
        "/clear/ladder.ism/manifest(format=m3u8-aapl-v3,filter=early)",
        "/" + LOCATOR + "/ladder.ism/manifest(format=m3u8-cmaf)"
      })
  void namesTheNextSegmentOfAPlaylist(String url) {
    for (var playlist : Crawl.of(server, url).playlists().entrySet()) {
      var uris = Playlist.parse(playlist.getValue()).uris();
      assertThat(uris).hasSizeGreaterThan(1);
      // A filter of the URL is not known to a segment of a format whose URLs do not carry it.
      for (int i = 0; i < uris.size(); i++) {
        assertThat(next(Crawl.folder(playlist.getKey()) + uris.get(i)))
            .isEqualTo(i + 1 == uris.size() ? "" : uris.get(i + 1));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mpd-time-csf", "mpd-time-cmaf"})
  void namesTheNextSegmentOfAnMpd(String format) {
    String base = "/show/ladder.ism/";
    var mpd = Mpd.parse(server.get(base + "manifest(format=" + format + ")"));
    for (var all : List.of(mpd.representations(), mpd.trickModes())) {
      for (var representation : all) {
        var urls = representation.segments().stream().map(Mpd.Segment::url).toList();
        namesEachNext(base, urls);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/show/ladder.ism/manifest", "/smooth/show.ism/manifest(format=fmp4-v20)"})
  void namesTheNextSegmentOfASmoothManifest(String url) {
    for (var stream : SmoothClientManifest.parse(server.get(url)).streams()) {
      int chunks = stream.times().size();
      for (int level = 0; level < stream.bitrates().size(); level++) {
        namesEachNext(
            Crawl.folder(url), stream.urls().subList(level * chunks, (level + 1) * chunks));
      }
    }
  }

  private static void namesEachNext(String base, List<String> urls) {
    for (int i = 0; i < urls.size(); i++) {
      String expected =
          i + 1 == urls.size() ? "" : urls.get(i + 1).substring(urls.get(i + 1).indexOf('/') + 1);
      assertThat(next(base + urls.get(i))).isEqualTo(expected);
    }
  }

  private static String next(String url) {
    assertThat(server.send("HEAD", url).headers().firstValue(NEXT)).isEmpty();
    var response = server.send("HEAD", url, ASKING);
    assertThat(response.statusCode()).as(url).isEqualTo(200);
    return response.headers().firstValue(NEXT).orElse("");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          manifest(format=mpd-time-csf)                           | application/dash+xml          | text
          manifest(format=m3u8-cmaf)                              | application/vnd.apple.mpegurl | text
          manifest(format=m3u8-aapl)                              | application/vnd.apple.mpegurl | text
          QualityLevels(80000)/Manifest(video,format=m3u8-aapl)   | application/vnd.apple.mpegurl | text
          QualityLevels(80000)/Manifest(video,format=m3u8-cmaf)   | application/vnd.apple.mpegurl | text
          manifest                                                | application/vnd.ms-sstr+xml   | text
          manifest(format=fmp4-v20)                               | application/vnd.ms-sstr+xml   | text
          QualityLevels(80000)/Fragments(video=0,format=m3u8-aapl)| video/mp2t                    | segment
          QualityLevels(80000)/Fragments(video=0,format=m3u8-aapl-v3) | video/mp2t                | segment
          QualityLevels(96000)/Fragments(english=0,format=m3u8-aapl)  | video/mp2t                | segment
          QualityLevels(80000)/Fragments(video=0,format=m3u8-cmaf)| video/mp4                     | segment
          QualityLevels(80000)/Fragments(video=i,format=m3u8-cmaf)| video/mp4                     | segment
          QualityLevels(96000)/Fragments(english=0)               | audio/mp4                     | segment
          QualityLevels(80000)/Fragments(video=0)                 | video/mp4                     | segment
          high.mp4                                                | video/mp4                     | file
          eng.m4a                                                 | audio/mp4                     | file
          """)
  void saysHowEachAnswerMayBeKept(String path, String type, String kind) throws IOException {
    String url = (kind.equals("file") ? "/show/" : "/show/ladder.ism/") + path;
    var plain = server.send("GET", url, "Origin", "https://player.example");
    assertThat(plain.statusCode()).isEqualTo(200);
    assertThat(header(plain, "content-type")).isEqualTo(type);
    assertThat(header(plain, "cache-control"))
        .isEqualTo(
            kind.equals("segment") ? "public, max-age=2592000, immutable" : "public, max-age=7");
    assertThat(header(plain, "access-control-allow-origin")).isEqualTo("*");
    assertThat(header(plain, "access-control-expose-headers")).contains("ETag");
    String etag = header(plain, "etag");
    assertThat(etag).matches("\"[A-Za-z0-9_-]+\"");

    var zipped = server.send("GET", url, "Accept-Encoding", "gzip");
    if (kind.equals("text")) {
      assertThat(header(zipped, "content-encoding")).isEqualTo("gzip");
      assertThat(header(zipped, "vary")).isEqualTo("Accept-Encoding");
      assertThat(header(zipped, "etag")).isNotEqualTo(etag);
      assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes())
          .isEqualTo(plain.body());
      assertThat(header(plain, "content-encoding")).isEmpty();
    } else {
      assertThat(header(zipped, "content-encoding")).isEmpty();
      assertThat(zipped.body()).isEqualTo(plain.body());
    }
    assertThat(server.send("GET", url, "If-None-Match", etag).statusCode()).isEqualTo(304);

    var preflight =
        server.send(
            "OPTIONS",
            url,
            "Origin",
            "https://player.example",
            "Access-Control-Request-Method",
            "GET",
            "Access-Control-Request-Headers",
            "range");
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(header(preflight, "access-control-allow-origin")).isEqualTo("*");
    assertThat(header(preflight, "access-control-allow-headers")).contains("Range");
  }

  // --- Progressive download

  @Test
  void givesPartsOfAFile() throws IOException {
    byte[] file = Files.readAllBytes(SourceTitles.root().resolve("ladder/high.mp4"));
    var whole = server.send("GET", "/show/high.mp4");
    assertThat(whole.body()).isEqualTo(file);
    assertThat(header(whole, "accept-ranges")).isEqualTo("bytes");
    assertThat(header(whole, "content-length")).isEqualTo("" + file.length);
    String etag = header(whole, "etag");

    part("bytes=0-0", file, 0, 1);
    part("bytes=100-299", file, 100, 300);
    part("bytes=%d-".formatted(file.length - 5), file, file.length - 5, file.length);
    part("bytes=-7", file, file.length - 7, file.length);
    part("bytes=10-99999999", file, 10, file.length);
    part("bytes=5-9", file, 5, 10, "If-Range", etag);

    // Another version: the whole.
    var changed =
        server.send("GET", "/show/high.mp4", "Range", "bytes=5-9", "If-Range", "\"another\"");
    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(changed.body()).isEqualTo(file);
    var behind = server.send("GET", "/show/high.mp4", "Range", "bytes=%d-".formatted(file.length));
    assertThat(behind.statusCode()).isEqualTo(416);
    assertThat(header(behind, "content-range")).isEqualTo("bytes */" + file.length);
    assertThat(Refusal.of(behind).code()).isEqualTo("RANGE_NOT_SATISFIABLE");
    var head = server.send("HEAD", "/show/high.mp4");
    assertThat(header(head, "content-length")).isEqualTo("" + file.length);
    assertThat(head.body()).isEmpty();
  }

  private static void part(String range, byte[] file, int from, int end, String... more) {
    var headers = new java.util.ArrayList<>(List.of("Range", range));
    headers.addAll(List.of(more));
    var response = server.send("GET", "/show/high.mp4", headers.toArray(String[]::new));
    assertThat(response.statusCode()).as(range).isEqualTo(206);
    assertThat(header(response, "content-range"))
        .isEqualTo("bytes %d-%d/%d".formatted(from, end - 1, file.length));
    assertThat(response.body()).isEqualTo(Arrays.copyOfRange(file, from, end));
  }

  @ParameterizedTest
  @CsvSource({
    "/show/ladder.ism, 404",
    "/show/LADDER.ISM, 404",
    "/show/none.mp4, 404",
    "/show/high.mp4.partial, 404",
    "/show/.high.mp4, 404",
    "/show/../sidx/video.mp4, 400",
    "/show/%2e%2e/sidx/video.mp4, 400",
    "/show/%2e%2e%2fsidx%2fvideo.mp4, 400",
    "/show/..%5csidx%5cvideo.mp4, 400",
    "/show/%252e%252e%252fsidx%252fvideo.mp4, 400",
    "/show/high.mp4%00, 400",
    "/show/high.mp4%00.m4a, 400",
    "/show/%2fetc%2fpasswd.mp4, 400",
    "/show//high.mp4, 400",
    "/show/./high.mp4, 400",
    "/show/high.mp4/, 404"
  })
  void givesNothingElse(String path, int status) {
    var refusal = Refusal.of(server, path);
    assertThat(refusal.status()).as(refusal.toString()).isEqualTo(status);
  }

  @Test
  void givesNoFileThatAPolicyOrAFilterKeepsBack() {
    assertThat(Refusal.of(server, "/no-files/high.mp4").detail())
        .isEqualTo(
            "progressive download: delivery policy \"no-files\" blocks it (expected: a protocol that none blocks)");
    assertThat(Refusal.of(server, "/" + LOCATOR + "/high.mp4"))
        .isEqualTo(
            new Refusal(
                403,
                "MPE_OUTPUT_FORMAT_BLOCKED",
                "progressive download: a file holds what filters \"early\" take away (expected: a locator and an asset without filters)"));
    assertThat(Refusal.of(server, "/encrypted/high.mp4"))
        .isEqualTo(
            new Refusal(
                403,
                "MPE_ENC_ENCRYPTION_REQUIRED",
                "progressive download: a file is never encrypted, and delivery policy \"all\" requires encryption (expected: a policy of type NoDynamicEncryption)"));
    assertThat(server.send("GET", "/clear/high.mp4").statusCode()).isEqualTo(200);
  }

  private static String header(HttpResponse<byte[]> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private static String policy(String name, String protocols, String type) {
    return "{\"kind\": \"AssetDeliveryPolicy\", \"name\": \"%s\", \"protocols\": [%s], \"type\": \"%s\"}"
        .formatted(name, protocols, type);
  }
}
