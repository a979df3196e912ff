package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.crypto.MediaCiphers;
import dev.sluice.origin.access.TokenVerifier;
import dev.sluice.origin.catalog.StoredCatalog;
import dev.sluice.origin.delivery.Fragments;
import dev.sluice.origin.delivery.OriginService;
import dev.sluice.origin.delivery.PublicUrls;
import dev.sluice.origin.delivery.Titles;
import dev.sluice.origin.key.MasterKey;
import dev.sluice.origin.license.KeyAnswers;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.UrlGrammar;
import dev.sluice.origin.segment.ts.Segments;
import dev.sluice.origin.segment.ts.TsParser;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.track.TitleReader;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same documents and files give the same bytes, wherever and however they are read: two servers
 * differ in their data folders, locales, time zones, encodings, and in how the JVM does AES.
 */
final class DeterminismTest {
  private static final List<String> ASSETS = List.of("sidx", "ismv");
  private static final long SEED = 20_261_125;
  private static final int CUTS = 8;

  /** Bytes that are read one by one at either end: to do so with all takes minutes. */
  private static final int SINGLE_BYTES = 2_500;

  @TempDir private static Path folder;
  private static RunningServer here;
  private static RunningServer there;

  @BeforeAll
  static void serve() {
    var documents =
        Documents.ofKeys()
            .asset("two-keys", "sidx", "dash")
            .asset("plain", "muxed")
            .add(CellDocuments.of(ASSETS.toArray(String[]::new)));
    documents.applyTo(folder.resolve("here"));
    documents.applyTo(folder.resolve("there"));
    here =
        RunningServer.serve(
            List.of(
                "-Duser.language=en",
                "-Duser.country=US",
                "-Duser.timezone=UTC",
                "-Dfile.encoding=UTF-8"),
            Map.of("LANG", "C.UTF-8", "LC_ALL", "C.UTF-8"),
            SourceTitles.root(),
            folder.resolve("here"));
    there =
        RunningServer.serve(
            List.of(
                "-Duser.language=tr",
                "-Duser.country=TR",
                "-Duser.timezone=Asia/Kathmandu",
                "-Dfile.encoding=ISO-8859-1",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-UseAESIntrinsics",
                "-XX:-UseAESCTRIntrinsics"),
            Map.of("LANG", "tr_TR.ISO-8859-9", "LC_ALL", "C", "TZ", "Asia/Kathmandu"),
            SourceTitles.root(),
            folder.resolve("there"));
  }

  @AfterAll
  static void stop() {
    here.close();
    there.close();
  }

  static Stream<Cell> cells() {
    return Cell.all();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void twoServersGiveTheSameBytesAndTags(Cell cell) {
    for (String asset : ASSETS) {
      for (String url : Crawler.crawl(cell, asset, here::get).urls()) {
        requireSame(url);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"two-keys", "plain"})
  void twoServersGiveTheSameWithoutATagOrWithTwoKeys(String asset) {
    for (String format : List.of("mpd-time-csf", "mpd-time-cmaf")) {
      String folder = Cell.folder(asset);
      String manifest = folder + "manifest(format=%s)".formatted(format);
      requireSame(manifest);
      for (var representation : Mpd.parse(here.get(manifest)).representations()) {
        requireSame(folder + representation.initialization());
        representation.segments().forEach(s -> requireSame(folder + s.url()));
      }
    }
  }

  private static void requireSame(String url) {
    var one = here.send("GET", url);
    var other = there.send("GET", url);
    assertThat(one.statusCode()).as(url).isEqualTo(200);
    assertThat(other.body()).as(url).isEqualTo(one.body());
    assertThat(tag(other)).as(url).isEqualTo(tag(one));
  }

  /** Two names of one thing, as the service has them. */
  @ParameterizedTest
  @CsvSource({
    "m3u8-aapl-v4, none, m3u8-aapl, none",
    "m3u8-aapl-v4, cbcs, m3u8-aapl, cbcs",
    "m3u8-aapl-v4, cbc, m3u8-aapl, cbc",
    "m3u8-cmaf, cbcs-aapl, m3u8-cmaf, cbcs",
    "m3u8-aapl, cbcs-aapl, m3u8-aapl, cbcs",
    "mpd-time-cmaf, cbcs-aapl, mpd-time-cmaf, cbcs",
    "'', piff, '', cenc",
    "fmp4-v20, piff, fmp4-v20, cenc"
  })
  void aSynonymGivesTheSameMedia(
      String format, String encryption, String sameFormat, String sameEncryption) {
    var media = Crawler.crawl(new Cell(format, encryption), "ismv", here::get).media();
    var same = Crawler.crawl(new Cell(sameFormat, sameEncryption), "ismv", here::get).media();
    assertThat(media).hasSameSizeAs(same).doesNotContainAnyElementsOf(same);
    for (int i = 0; i < media.size(); i++) {
      var answer = here.send("GET", media.get(i));
      var other = here.send("GET", same.get(i));
      assertThat(answer.body()).as(media.get(i)).isEqualTo(other.body());
      assertThat(tag(answer)).isEqualTo(tag(other));
    }
  }

  /** Answers that differ have tags that differ: else a cache would mix them. */
  @ParameterizedTest
  @ValueSource(strings = {"sidx", "ismv"})
  void tagsTellAnswersApart(String asset) {
    var bodies = new HashMap<String, byte[]>();
    Cell.all()
        .flatMap(cell -> Crawler.crawl(cell, asset, here::get).urls().stream())
        .distinct()
        .forEach(url -> {
          var answer = here.send("GET", url);
          byte[] before = bodies.putIfAbsent(tag(answer), answer.body());
          assertThat(before == null ? answer.body() : before).as(url).isEqualTo(answer.body());
        });
    assertThat(bodies).hasSizeGreaterThan(100);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void headGivesLengthAndTag(Cell cell) {
    for (String url : Crawler.crawl(cell, "sidx", here::get).urls()) {
      var get = here.send("GET", url);
      var head = there.send("HEAD", url);
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(head.headers().firstValueAsLong("content-length")).hasValue(get.body().length);
      assertThat(tag(head)).isEqualTo(tag(get));
    }
  }

  /** The whole, cut at random and put together from two servers, and its end. */
  @ParameterizedTest
  @MethodSource("cells")
  void anyRangeIsTheSliceOfTheWhole(Cell cell) {
    var random = new Random(SEED);
    for (String url : samples(cell, "sidx")) {
      byte[] whole = here.get(url);
      int[] cuts =
          IntStream.concat(IntStream.of(0, whole.length), random.ints(CUTS, 1, whole.length - 1))
              .sorted()
              .distinct()
              .toArray();
      for (int i = 1; i < cuts.length; i++) {
        requireRange(i % 2 == 0 ? here : there, url, whole, cuts[i - 1], cuts[i] - 1);
      }
      int first = random.nextInt(whole.length);
      requireRange(there, url, whole, first, first + random.nextInt(40));
      for (int length : new int[] {1, 17, 100}) {
        assertThat(there.send("GET", url, "range", "bytes=-" + length).body())
            .as("%s, the last %d", url, length)
            .isEqualTo(Arrays.copyOfRange(whole, whole.length - length, whole.length));
      }
    }
  }

  private static void requireRange(
      RunningServer server, String url, byte[] whole, int first, int last) {
    var part = server.send("GET", url, "range", "bytes=%d-%d".formatted(first, last));
    int end = Math.min(last + 1, whole.length);
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.headers().firstValue("content-range"))
        .contains("bytes %d-%d/%d".formatted(first, end - 1, whole.length));
    assertThat(part.body())
        .as("%s, %d to %d", url, first, last)
        .isEqualTo(Arrays.copyOfRange(whole, first, end));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void conditionsHold(Cell cell) {
    for (String url : samples(cell, "sidx")) {
      byte[] whole = here.get(url);
      String tag = tag(there.send("HEAD", url));

      var unchanged = here.send("GET", url, "if-none-match", tag);
      assertThat(unchanged.statusCode()).isEqualTo(304);
      assertThat(unchanged.body()).isEmpty();
      assertThat(tag(unchanged)).isEqualTo(tag);
      assertThat(here.send("GET", url, "if-none-match", "\"other\"").body()).isEqualTo(whole);

      var same = here.send("GET", url, "range", "bytes=1-7", "if-range", tag);
      assertThat(same.statusCode()).isEqualTo(206);
      assertThat(same.body()).isEqualTo(Arrays.copyOfRange(whole, 1, 8));
      var changed = here.send("GET", url, "range", "bytes=1-7", "if-range", "\"other\"");
      assertThat(changed.statusCode()).isEqualTo(200);
      assertThat(changed.body()).isEqualTo(whole);

      var beyond = here.send("GET", url, "range", "bytes=%d-".formatted(whole.length));
      assertThat(beyond.statusCode()).isEqualTo(416);
      assertThat(beyond.headers().firstValue("content-range")).contains("bytes */" + whole.length);
    }
  }

  static Stream<Cell> transportCells() {
    return Cell.all().filter(Cell::isTransportStream);
  }

  /** Counters, clocks and times go on from segment to segment, though nobody remembers any. */
  @ParameterizedTest
  @MethodSource("transportCells")
  void segmentsOfTwoServersInAnyOrderAreOneTransportStream(Cell cell) {
    var random = new Random(SEED);
    for (String asset : ASSETS) {
      var crawled = Crawler.crawl(cell, asset, here::get);
      for (var rendition : crawled.plays()) {
        byte[][] segments = new byte[rendition.segments().size()][];
        var order = new ArrayList<>(IntStream.range(0, segments.length).boxed().toList());
        Collections.shuffle(order, random);
        for (int i : order) {
          var server = random.nextBoolean() ? here : there;
          byte[] answer = server.get(rendition.segments().get(i).url());
          segments[i] =
              cell.isEnvelope() ? CellLeaks.opened(answer, crawled.iv().orElseThrow()) : answer;
        }
        assertThat(segments.length).isGreaterThan(2);
        requireContinuous(
            TsParser.parse(segments), rendition, cell.isMuxed(), asset.equals("ismv") ? 1920 : 0);
      }
    }
  }

  /**
   * Titles of 25 pictures a second, and AAC of 48 kHz; times are on the 90 kHz clock.
   *
   * @param early how long before 0 the audio of the source begins; that of its frames lasts nothing
   */
  private static void requireContinuous(
      TsParser parsed, Crawler.Rendition rendition, boolean muxed, long early) {
    assertThat(parsed.streams).hasSize(muxed ? 2 : 1);
    double seconds = rendition.segments().stream().mapToDouble(Crawler.Link::seconds).sum();
    for (int pid : parsed.streams.keySet()) {
      var all = parsed.of(pid);
      boolean video = all.getFirst().streamId() == 0xe0;
      long[] times = all.stream().mapToLong(TsParser.Pes::pts).sorted().toArray();
      for (int i = 1; i < times.length; i++) {
        long frames = video ? 0 : Segments.frames(all.get(i - 1).payload()).size();
        long expected = video ? 3600 : frames * 1920 - (i == 1 ? early : 0);
        assertThat(times[i] - times[i - 1])
            .as("PID %d, PES packet %d", pid, i)
            .isBetween(expected - 1, expected + 1);
      }
      assertThat((times[times.length - 1] - times[0]) / 90_000.0)
          .isBetween(seconds - 0.3, seconds + 0.05);
    }
    assertThat(parsed.pcrs / seconds).as("PCR a second").isGreaterThan(9);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 65_536})
  void readsOfAnySizeGiveTheSameBytes(int chunkBytes) throws IOException {
    var random = new SecureRandom();
    Path data = folder.resolve("here");
    var masterKey = MasterKey.open(Optional.empty(), data, random);
    try (var catalog = StoredCatalog.open(data, masterKey, random)) {
      var store = new FileObjectStore(SourceTitles.root());
      var origin =
          new OriginService(
              catalog,
              store,
              new Titles(store, new TitleReader(store, 8), System::nanoTime, 1_000_000),
              new Fragments(1 << 20),
              MediaCiphers.best(),
              new KeyAnswers(catalog, Clock.systemUTC(), new TokenVerifier(), false),
              new PublicUrls(
                  Optional.of("http://origin.test:8080"), Optional.of("https://origin.test:8443")),
              Clock.systemUTC());
      for (var cell : Cell.all().toList()) {
        for (String asset : ASSETS) {
          for (String url : samples(cell, asset)) {
            var whole = here.send("GET", url);
            var caller = new Caller(Optional.empty(), false, true);
            Answer answer = origin.answer(UrlGrammar.parse(url, Bytes.copyOf()), caller);
            assertThat(answer.etag()).contains(tag(whole));
            assertThat(read(answer, chunkBytes)).as(url).isEqualTo(whole.body());
          }
        }
      }
    }
  }

  private static byte[] read(Answer answer, int chunkBytes) {
    try (var body = answer.body().get()) {
      byte[] all = new byte[Math.toIntExact(body.lengthBytes())];
      for (int at = 0; at < all.length; ) {
        boolean inTheMiddle = at >= SINGLE_BYTES && at < all.length - SINGLE_BYTES;
        int wanted = chunkBytes == 1 && inTheMiddle ? all.length - SINGLE_BYTES - at : chunkBytes;
        int length = Math.min(wanted, all.length - at);
        body.read(at, ByteBuffer.wrap(all, at, length));
        at += length;
      }
      return all;
    }
  }

  /** Of each rendition of a cell the init segment and one media segment. */
  private static List<String> samples(Cell cell, String asset) {
    var urls = new ArrayList<String>();
    for (var rendition : Crawler.crawl(cell, asset, here::get).renditions()) {
      rendition.init().ifPresent(urls::add);
      urls.add(rendition.segments().get(1).url());
    }
    return urls.stream().distinct().toList();
  }

  private static String tag(HttpResponse<byte[]> response) {
    return response.headers().firstValue("etag").orElseThrow();
  }
}
