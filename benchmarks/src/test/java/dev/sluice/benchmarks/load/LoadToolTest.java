package dev.sluice.benchmarks.load;

import static dev.sluice.benchmarks.load.SegmentChecksTest.box;
import static dev.sluice.benchmarks.load.SegmentChecksTest.encrypt;
import static dev.sluice.benchmarks.load.SegmentChecksTest.join;
import static dev.sluice.benchmarks.load.SegmentChecksTest.packets;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs, against a server of the test's own. */
@Timeout(60)
final class LoadToolTest {
  private static final byte[] FRAGMENT = join(box("moof", 100), box("mdat", 5000));
  private static final byte[] INIT = join(box("ftyp", 20), box("moov", 700));
  private static final byte[] KEY = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final String KID = "0zAAAFHOQACAAAAAAAAAAQ";

  @TempDir private Path folder;
  private StandInOrigin origin;

  /** Exit code, standard output and standard error of a run. */
  private record Ran(int code, String out, String err) {}

  @BeforeEach
  void startOrigin() throws Exception {
    origin = StandInOrigin.start();
  }

  @AfterEach
  void stopOrigin() {
    origin.close();
  }

  @Test
  void playsDashWithAClearKeyLicence() throws Exception {
    serveDash(3);

    var ran = run(origin.url("/a.mpd"), "--pace", "full", "--verify");

    assertThat(ran.code()).as(ran.out()).isZero();
    assertCounts(ran, 1, 2, 1, 3, 3);
    assertThat(origin.seen())
        .containsOnlyOnce("POST /licence")
        .containsOnlyOnce("GET /hi/init.mp4")
        .contains("GET /hi/0.m4s", "GET /hi/2000.m4s", "GET /hi/4000.m4s", "GET /au/4000.m4s")
        .doesNotContain("GET /lo/0.m4s");
  }

  @Test
  void picksTheRenditionThatIsAskedFor() throws Exception {
    serveDash(1);

    assertThat(run(origin.url("/a.mpd"), "--pace", "full", "--rendition", "lowest").code())
        .isZero();

    assertThat(origin.seen()).contains("GET /lo/0.m4s").doesNotContain("GET /hi/0.m4s");
  }

  @Test
  void choosesAtRandomTheSameForTheSameSeed() throws Exception {
    serveDash(1);
    var choices = new ArrayList<List<String>>();
    for (int i = 0; i < 2; i++) {
      int before = origin.seen().size();
      for (String seed : List.of("1", "2", "3", "4", "5", "6", "7", "8")) {
        run(origin.url("/a.mpd"), "--pace", "full", "--rendition", "random", "--seed", seed);
      }
      choices.add(origin.seen().subList(before, origin.seen().size()));
    }

    assertThat(choices.getFirst()).isEqualTo(choices.getLast());
    assertThat(choices.getFirst()).contains("GET /hi/0.m4s", "GET /lo/0.m4s");
  }

  @Test
  void playsHlsUnderAes128() throws Exception {
    serveHlsUnderAes();

    var ran = run(origin.url("/a.m3u8"), "--pace", "full", "--verify", "--token", "T1");

    assertThat(ran.code()).as(ran.out()).isZero();
    assertCounts(ran, 3, 0, 1, 2, 2);
    assertThat(origin.seen())
        .containsOnlyOnce("GET /key Bearer T1")
        .contains("GET /v0.ts", "GET /v1.ts", "GET /a0.ts", "GET /video.m3u8");
  }

  @Test
  void findsSegmentsUnderAnotherKey() throws Exception {
    serveHlsUnderAes();
    origin.on(
        "/v1.ts",
        encrypt("another key 1234".getBytes(StandardCharsets.US_ASCII), new byte[16], packets(9)));

    var ran = run(origin.url("/a.m3u8"), "--pace", "full", "--verify");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out()).containsPattern("errors +video: (structure|padding) 1");
    assertThat(run(origin.url("/a.m3u8"), "--pace", "full").code()).as("not looked at").isZero();
  }

  @Test
  void playsRangesOfOneFile() throws Exception {
    origin.on(
        "/v.m3u8",
        """
        #EXTM3U
        #EXT-X-MAP:URI="all.mp4",BYTERANGE="%d@0"
        #EXTINF:2,
        #EXT-X-BYTERANGE:%d@%d
        all.mp4
        #EXTINF:2,
        #EXT-X-BYTERANGE:%d
        all.mp4
        #EXT-X-ENDLIST
        """
            .formatted(INIT.length, FRAGMENT.length, INIT.length, FRAGMENT.length));
    origin.onRanges("/all.mp4", join(INIT, FRAGMENT, FRAGMENT));

    var ran = run(origin.url("/v.m3u8"), "--pace", "full", "--verify");

    assertThat(ran.code()).as(ran.out()).isZero();
    assertCounts(ran, 1, 1, 0, 2, 0);
    assertThat(origin.seen()).contains("GET /all.mp4 bytes=5852-10967");
    origin.on("/all.mp4", join(INIT, FRAGMENT, FRAGMENT));
    assertThat(run(origin.url("/v.m3u8"), "--pace", "full").out())
        .contains("init: status 200 1", "status: 200 (expected: 206)");
  }

  @Test
  void playsSmoothStreaming() throws Exception {
    origin.on(
        "/t.ism/Manifest",
        """
        <SmoothStreamingMedia MajorVersion="2" MinorVersion="0" Duration="60000000">
          <Protection><ProtectionHeader SystemID="9A04F079-9840-4286-AB92-E65BE0885F95">AA==</ProtectionHeader></Protection>
          <StreamIndex Type="video" Name="v" Url="Q({bitrate})/F(v={start time})">
            <QualityLevel Bitrate="1000"/><c t="0" d="20000000" r="3"/>
          </StreamIndex>
        </SmoothStreamingMedia>
        """);
    for (String start : List.of("0", "20000000", "40000000")) {
      origin.on("/t.ism/Q(1000)/F(v=%s)".formatted(start), FRAGMENT);
    }

    var ran = run(origin.url("/t.ism/Manifest"), "--pace", "full", "--verify");

    assertThat(ran.code()).as(ran.out()).isZero();
    assertCounts(ran, 1, 0, 0, 3, 0);
    assertThat(ran.out()).contains("no licence PlayReady");
  }

  @Test
  void playsAsManySessionsAsAreAskedForOverTheRamp() throws Exception {
    serveDash(2);

    var ran = run(origin.url("/a.mpd"), "--pace", "full", "--sessions", "50", "--ramp", "400ms");

    assertThat(ran.code()).as(ran.out()).isZero();
    assertCounts(ran, 50, 100, 50, 100, 100);
    assertThat(ran.out()).contains("plays      50 to the end, 0 given up");
  }

  @Test
  void followsRedirectsAndReadsPackedManifestsAndChunks() throws Exception {
    serveHlsUnderAes();
    origin.on(
        "/old",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/packed.m3u8");
          StandInOrigin.send(exchange, 302, new byte[0]);
        });
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write("#EXTM3U\n#EXTINF:1,\nv.ts\n#EXT-X-ENDLIST\n".getBytes(StandardCharsets.UTF_8));
    }
    origin.on(
        "/packed.m3u8",
        exchange -> {
          assertThat(exchange.getRequestHeaders().getFirst("Accept-Encoding")).isEqualTo("gzip");
          exchange.getResponseHeaders().add("Content-Encoding", "gzip");
          exchange.sendResponseHeaders(200, 0); // in chunks
          packed.writeTo(exchange.getResponseBody());
        });
    origin.on(
        "/v.ts",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          for (int i = 0; i < 3; i++) {
            exchange.getResponseBody().write(packets(2));
            exchange.getResponseBody().flush();
          }
        });

    var ran = run(origin.url("/old"), "--pace", "full", "--verify");

    assertThat(ran.code()).as(ran.out()).isZero();
    assertCounts(ran, 1, 0, 0, 1, 0);
  }

  @Test
  void countsASegmentThatIsNotThereAndPlaysOn() throws Exception {
    serveDash(3);
    origin.on(
        "/hi/2000.m4s",
        exchange ->
            StandInOrigin.send(
                exchange,
                404,
                "{\"code\":\"MPE_FRAGMENT_TIMESTAMP_NOT_FOUND\"}"
                    .getBytes(StandardCharsets.UTF_8)));

    var ran = run(origin.url("/a.mpd?token=SECRET"), "--pace", "full", "--token", "SECRET");

    assertThat(ran.code()).isEqualTo(1);
    assertCounts(ran, 1, 2, 1, 2, 3);
    assertThat(ran.out())
        .contains("errors     video: status 404 1")
        .contains(
            "video %s: status: 404 MPE_FRAGMENT_TIMESTAMP_NOT_FOUND (expected: 200)"
                .formatted(origin.url("/hi/2000.m4s")))
        .contains("plays      1 to the end, 0 given up")
        .doesNotContain("SECRET");
    assertThat(ran.err()).doesNotContain("SECRET");
  }

  @Test
  void givesUpWithoutAManifestOrAKey() throws Exception {
    serveDash(2);
    origin.on("/not.mpd", "<html></html>");
    origin.on("/licence", exchange -> StandInOrigin.send(exchange, 401, new byte[0]));

    var missing = run(origin.url("/missing.mpd?token=SECRET"));
    var wrong = run(origin.url("/not.mpd"));
    var refused = run(origin.url("/a.mpd"), "--pace", "full", "--token", "OLD");

    assertThat(List.of(missing.code(), wrong.code(), refused.code())).containsOnly(1);
    assertThat(missing.out())
        .contains("errors     manifest: status 404 1", "0 to the end, 1 given up")
        .contains("status: 404 MPE_RESOURCE_NOT_FOUND (expected: 200)")
        .doesNotContain("SECRET");
    assertThat(wrong.out()).contains("root element: html (expected: MPD,");
    assertThat(refused.out())
        .contains("errors     key: status 401 1")
        .contains("key %s: status: 401 (expected: 200)".formatted(origin.url("/licence")));
    assertThat(origin.seen()).contains("POST /licence Bearer OLD").doesNotContain("GET /hi/0.m4s");
  }

  @Test
  void findsKeysThatAreNone() throws Exception {
    serveDash(1);
    serveHlsUnderAes();
    origin.on("/licence", "{\"keys\":[]}");
    origin.on("/key", "short");

    assertThat(run(origin.url("/a.mpd"), "--pace", "full").out())
        .contains("licence: without the key (expected: a JWK set that holds it)");
    assertThat(run(origin.url("/a.m3u8"), "--pace", "full").out())
        .contains("key: 5 bytes (expected: 16)")
        .doesNotContain("short");
  }

  @Test
  void countsTimeOutsOfHeadAndBody() throws Exception {
    serveDash(2);
    origin.on("/hi/0.m4s", exchange -> Thread.sleep(9000));
    origin.on(
        "/hi/2000.m4s",
        exchange -> {
          exchange.sendResponseHeaders(200, FRAGMENT.length);
          exchange.getResponseBody().write(FRAGMENT, 0, 1000);
          exchange.getResponseBody().flush();
          Thread.sleep(9000);
        });

    var ran = run(origin.url("/a.mpd"), "--pace", "full", "--timeout", "2s");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out()).contains("errors     video: time-out 2");
  }

  @Test
  void countsBodiesThatAreShorterThanStated() throws Exception {
    serveDash(1);
    origin.on(
        "/hi/0.m4s",
        exchange -> {
          exchange.sendResponseHeaders(200, FRAGMENT.length);
          exchange.getResponseBody().write(FRAGMENT, 0, 1000);
          exchange.getResponseBody().flush();
          throw new java.io.IOException("broken on purpose");
        });

    var ran = run(origin.url("/a.mpd"), "--pace", "full");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out())
        .contains("errors     video: connection 1")
        .contains("closed %d bytes before the end".formatted(FRAGMENT.length - 1000));
  }

  @Test
  void checksStructureOnlyWhenAsked() throws Exception {
    serveDash(1);
    origin.on("/hi/0.m4s", box("mdat", 100));

    assertThat(run(origin.url("/a.mpd"), "--pace", "full").code()).isZero();
    assertThat(run(origin.url("/a.mpd"), "--pace", "full", "--verify").out())
        .contains("boxes [mdat] (expected: whole boxes, moof and mdat)");
  }

  @Test
  void countsAServerThatIsNotThere() throws Exception {
    String url = origin.url("/a.mpd");
    origin.close();

    var ran = run(url);

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out()).contains("errors     manifest: connect 1");
  }

  @Test
  void giveTokensInTurnAndToKeysAlone() throws Exception {
    serveDash(1);
    var file = Files.writeString(folder.resolve("tokens"), "one\n\ntwo\n");

    assertThat(
            run(
                    origin.url("/a.mpd"),
                    "--pace",
                    "full",
                    "--sessions",
                    "4",
                    "--tokens",
                    file.toString())
                .code())
        .isZero();

    assertThat(origin.seen().stream().filter("POST /licence Bearer one"::equals)).hasSize(2);
    assertThat(origin.seen().stream().filter("POST /licence Bearer two"::equals)).hasSize(2);
    assertThat(origin.seen())
        .filteredOn(line -> line.startsWith("GET"))
        .noneMatch(line -> line.contains("Bearer"));

    run(origin.url("/a.mpd"), "--pace", "full", "--token", "all", "--token-everywhere");
    assertThat(origin.seen()).contains("GET /a.mpd Bearer all", "GET /hi/0.m4s Bearer all");
  }

  @Test
  void stallsWhenSegmentsComeLaterThanTheyPlay() throws Exception {
    origin.on(
        "/slow.m3u8",
        "#EXTM3U\n#EXTINF:0.2,\n0.ts\n#EXTINF:0.2,\n1.ts\n#EXTINF:0.2,\n2.ts\n#EXT-X-ENDLIST\n");
    for (int i = 0; i < 3; i++) {
      origin.on(
          "/%d.ts".formatted(i),
          exchange -> {
            Thread.sleep(600);
            StandInOrigin.send(exchange, 200, packets(10));
          });
    }

    var ran = run(origin.url("/slow.m3u8"));

    // The second and the third come 0.4 s after the one before was played.
    assertThat(ran.code()).as(ran.out()).isZero();
    assertThat(ran.out()).containsPattern("stalls +2, (0\\.[89]|[1-9])");
    assertThat(ran.err()).containsPattern("1 s  1 active  [0-9]+ requests/s");
  }

  @Test
  void keepsThirtySecondsAndNoMoreInRealtime() throws Exception {
    var playlist = new StringBuilder("#EXTM3U\n");
    for (int i = 0; i < 20; i++) {
      playlist.append("#EXTINF:5,\n").append(i).append(".ts\n");
      origin.on("/%d.ts".formatted(i), packets(2));
    }
    origin.on("/long.m3u8", playlist + "#EXT-X-ENDLIST\n");

    var ran =
        runUntil(
            () -> {
              Thread.sleep(500); // for what must not come
              return origin.seen().contains("GET /5.ts");
            },
            origin.url("/long.m3u8"));

    // Six fill the buffer, and one more is asked for when it holds 30 s exactly.
    assertThat(ran.code()).isZero();
    assertThat(origin.seen()).contains("GET /5.ts").doesNotContain("GET /7.ts");
    assertThat(ran.out()).contains("stalls     0, 0.000 s");
  }

  @Test
  void readsNoFasterThanTheLimit() throws Exception {
    origin.on("/v.m3u8", "#EXTM3U\n#EXTINF:1,\nv.ts\n#EXT-X-ENDLIST\n");
    origin.on("/v.ts", packets(500));
    long started = System.nanoTime();

    var ran = run(origin.url("/v.m3u8"), "--pace", "full", "--rate-limit", "800k");

    assertThat(ran.code()).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - started))
        .isBetween(
            Duration.ofMillis(900), Duration.ofSeconds(30)); // 94 000 bytes at 100 000 a second
  }

  @Test
  void startsAgainUntilTheDurationIsOver() throws Exception {
    serveDash(1);

    var ran =
        runUntil(
            () -> origin.seen().stream().filter("GET /a.mpd"::equals).count() > 2,
            origin.url("/a.mpd"),
            "--pace",
            "full",
            "--duration",
            "50s");

    assertThat(ran.code()).as(ran.out()).isZero();
    assertThat(run(origin.url("/a.mpd"), "--duration", "300ms").out())
        .containsPattern("run +\\d\\.\\d s");
  }

  @Test
  void reportsWhenItIsStopped() throws Exception {
    serveDash(1);
    origin.on("/hi/0.m4s", exchange -> Thread.sleep(50_000));

    var ran =
        runUntil(
            () -> origin.seen().contains("GET /hi/0.m4s"),
            origin.url("/a.mpd"),
            "--sessions",
            "3",
            "--timeout",
            "50s");

    assertThat(ran.code()).as(ran.out()).isZero();
    assertThat(ran.out()).contains("manifest ", "0 errors");
  }

  @Test
  void playsLiveFromThreeSegmentsBeforeTheEnd() throws Exception {
    var reads = new AtomicInteger();
    origin.on(
        "/live.m3u8",
        exchange -> {
          int first = reads.getAndIncrement();
          var text = new StringBuilder("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:%d\n".formatted(first));
          for (int i = first; i < first + 5; i++) {
            text.append("#EXTINF:1,\n").append(i).append(".ts\n");
          }
          text.append(first == 2 ? "#EXT-X-ENDLIST\n" : "");
          StandInOrigin.send(exchange, 200, text.toString().getBytes(StandardCharsets.UTF_8));
        });
    for (int i = 0; i < 8; i++) {
      origin.on("/%d.ts".formatted(i), packets(1));
    }

    var ran = run(origin.url("/live.m3u8"), "--pace", "full");

    assertThat(ran.code()).as(ran.out()).isZero();
    assertThat(origin.seen().stream().filter(line -> line.endsWith(".ts")))
        .containsExactly("GET /2.ts", "GET /3.ts", "GET /4.ts", "GET /5.ts", "GET /6.ts");
  }

  @Test
  void writesTheReportAsJson() throws Exception {
    serveDash(2);
    origin.on("/hi/0.m4s", exchange -> StandInOrigin.send(exchange, 503, new byte[0]));
    var file = folder.resolve("report.json");

    run(origin.url("/a.mpd?token=SECRET"), "--pace", "full", "--json", file.toString());

    String json = Files.readString(file);
    assertThat(json)
        .contains("\"manifest\": \"%s\"".formatted(origin.url("/a.mpd")))
        .contains("\"errors\": 1,")
        .contains("\"status 503\": 1")
        .containsPattern(
            "\"video\": \\{\\s+\"answers\": 1,\\s+\"bytes\": %d".formatted(FRAGMENT.length))
        .doesNotContain("SECRET");
  }

  @Test
  void playsOverTlsAndRefusesCertificatesOfNobody() throws Exception {
    try (var secure = StandInOrigin.startTls(selfSigned())) {
      secure.on("/v.m3u8", "#EXTM3U\n#EXTINF:1,\n0.ts\n#EXTINF:1,\n1.ts\n#EXT-X-ENDLIST\n");
      secure.on("/0.ts", packets(100));
      secure.on("/1.ts", packets(100));
      String url = secure.url("/v.m3u8");

      assertCounts(run(url, "--pace", "full", "--verify", "--insecure"), 1, 0, 0, 2, 0);
      assertThat(run(url, "--pace", "full").out()).contains("errors     manifest: tls 1");
      // The JDK's server speaks HTTP/1.1 alone: this is the JDK's client, falling back.
      assertCounts(
          run(url, "--pace", "full", "--verify", "--insecure", "--http", "2"), 1, 0, 0, 2, 0);
      secure.on(
          "/0.ts",
          exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(packets(1));
            exchange.getResponseBody().flush();
            Thread.sleep(9000);
          });
      assertThat(run(url, "--pace", "full", "--insecure", "--http", "2", "--timeout", "3s").out())
          .contains("errors     video: time-out 1");
    }
  }

  @Test
  void refusesWrongUsage() throws Exception {
    var control = Files.writeString(folder.resolve("bad"), "a b\n");

    assertThat(run().code()).isEqualTo(2);
    for (String[] args :
        new String[][] {
          {"ftp://x/y"},
          {"http://x/", "--sessions", "0"},
          {"http://x/", "--duration", "5"},
          {"http://x/", "--http", "3"},
          {"http://x/", "--http", "2"},
          {"http://x/", "--pace", "slow"},
          {"http://x/", "--rate-limit", "0"},
          {"http://x/", "--token", "a", "--tokens", "b"},
          {"http://x/", "--tokens", "/nonexistent"},
          {"http://x/", "--tokens", control.toString()},
          {"http://x/", "--token", "a\r\nX: y"},
          {"http://x/", "--duration", "5s", "--ramp", "5s"},
          {"http://x/", "--nonsense"},
        }) {
      var ran = run(args);
      assertThat(ran.code()).as(String.join(" ", args)).isEqualTo(2);
      assertThat(ran.out()).isEmpty();
    }
    assertThat(run("http://x/", "--duration", "5").err())
        .contains("5 (expected: a duration such as 500ms, 30s, 5m or 2h)");
  }

  private void serveDash(int segments) {
    origin.on(
        "/a.mpd",
        """
        <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" xmlns:cenc="urn:mpeg:cenc:2013" xmlns:dashif="https://dashif.org/CPS">
          <Period>
            %s
              <Representation id="lo" bandwidth="1000"/><Representation id="hi" bandwidth="9000"/>
            </AdaptationSet>
            %s
              <Representation id="au" bandwidth="500"/>
            </AdaptationSet>
          </Period>
        </MPD>
        """
            .formatted(adaptationSet("video", segments), adaptationSet("audio", segments)));
    origin.on(
        "/licence",
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"MDEyMzQ1Njc4OWFiY2RlZg\",\"kid\":\"%s\"}],\"type\":\"temporary\"}"
            .formatted(KID));
    for (String id : List.of("lo", "hi", "au")) {
      origin.on("/%s/init.mp4".formatted(id), INIT);
      for (int i = 0; i < segments; i++) {
        origin.on("/%s/%d.m4s".formatted(id, 2000 * i), FRAGMENT);
      }
    }
  }

  private static String adaptationSet(String type, int segments) {
    return """
    <AdaptationSet contentType="%s">
      <ContentProtection schemeIdUri="urn:mpeg:dash:mp4protection:2011" value="cenc" cenc:default_KID="d3300000-51ce-4000-8000-000000000001"/>
      <ContentProtection schemeIdUri="urn:uuid:e2719d58-a985-b3c9-781a-b030af78d30e"><dashif:Laurl>/licence</dashif:Laurl></ContentProtection>
      <SegmentTemplate timescale="1000" initialization="$RepresentationID$/init.mp4" media="$RepresentationID$/$Time$.m4s">
        <SegmentTimeline><S t="0" d="2000" r="%d"/></SegmentTimeline>
      </SegmentTemplate>
    """
        .formatted(type, segments - 1);
  }

  private void serveHlsUnderAes() throws Exception {
    origin.on(
        "/a.m3u8",
        """
        #EXTM3U
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="g",NAME="a",URI="audio.m3u8"
        #EXT-X-STREAM-INF:BANDWIDTH=1000,AUDIO="g"
        video.m3u8
        """);
    for (String kind : List.of("video", "audio")) {
      char letter = kind.charAt(0);
      origin.on(
          "/%s.m3u8".formatted(kind),
          """
          #EXTM3U
          #EXT-X-KEY:METHOD=AES-128,URI="/key?kid=1"
          #EXTINF:2,
          %s0.ts
          #EXTINF:2,
          %s1.ts
          #EXT-X-ENDLIST
          """
              .formatted(letter, letter));
      for (int i = 0; i < 2; i++) {
        byte[] iv = new byte[16];
        iv[15] = (byte) i;
        origin.on("/%s%d.ts".formatted(letter, i), encrypt(KEY, iv, packets(40)));
      }
    }
    origin.on("/key", KEY);
  }

  /** The columns of answers in the table. */
  private static void assertCounts(Ran ran, int manifest, int init, int key, int video, int audio) {
    var counts = new ArrayList<Integer>();
    for (var kind : RequestKind.values()) {
      var row =
          Pattern.compile("^%s +(\\d+) +\\d+ +[\\d.]+ ".formatted(kind.word()), Pattern.MULTILINE)
              .matcher(ran.out());
      assertThat(row.find()).as(ran.out()).isTrue();
      counts.add(Integer.parseInt(row.group(1)));
    }
    assertThat(counts).as(ran.out()).containsExactly(manifest, init, key, video, audio);
  }

  private static Ran run(String... args) {
    return run(new AtomicReference<>(() -> {}), args);
  }

  private static Ran run(AtomicReference<Runnable> stop, String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var all = new ArrayList<>(List.of(args));
    if (!all.contains("--rendition") && !all.isEmpty()) {
      all.addAll(List.of("--rendition", "highest"));
    }
    int code =
        LoadTool.run(new PrintWriter(out), new PrintWriter(err), stop, all.toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  /** Whether a run has come as far as a test wants. */
  private interface Reached {
    boolean isReached() throws InterruptedException;
  }

  /** A run that is stopped when it has come so far. */
  private static Ran runUntil(Reached reached, String... args) throws Exception {
    var stop = new AtomicReference<Runnable>(() -> {});
    var ran = new AtomicReference<Ran>();
    var thread = Thread.ofVirtual().start(() -> ran.set(run(stop, args)));
    while (!reached.isReached() && thread.isAlive()) {
      Thread.sleep(10);
    }
    stop.get().run();
    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    return ran.get();
  }

  private SSLContext selfSigned() throws Exception {
    var file = folder.resolve("keys.p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    keytool.getInputStream().readAllBytes();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    var keys = KeyStore.getInstance(file.toFile(), "changeit".toCharArray());
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, "changeit".toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }
}
