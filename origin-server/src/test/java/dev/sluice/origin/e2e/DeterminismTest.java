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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same documents and files give the same bytes, wherever and however they are read. */
final class DeterminismTest {
  private static final List<String> ASSETS = List.of("sidx", "ismv", "plain");
  private static final long SEED = 20_261_125;
  private static final int RANGES = 200;

  @TempDir private static Path folder;
  private static RunningServer here;
  private static RunningServer there;

  @BeforeAll
  static void serve() {
    var documents =
        Documents.ofKeys()
            .asset("sidx", "sidx", "dash")
            .asset("ismv", "ismv", "dash")
            .asset("plain", "muxed");
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
                "-Dfile.encoding=ISO-8859-1"),
            Map.of("LANG", "tr_TR.ISO-8859-9", "LC_ALL", "C", "TZ", "Asia/Kathmandu"),
            SourceTitles.root(),
            folder.resolve("there"));
  }

  @AfterAll
  static void stop() {
    here.close();
    there.close();
  }

  @Test
  void twoServersGiveTheSameBytesAndTags() {
    for (String asset : ASSETS) {
      for (String url : urls(asset)) {
        var one = here.send("GET", url);
        var other = there.send("GET", url);
        assertThat(one.statusCode()).as(url).isEqualTo(200);
        assertThat(other.body()).as(url).isEqualTo(one.body());
        assertThat(tag(other)).as(url).isEqualTo(tag(one));
      }
    }
  }

  @Test
  void headGivesLengthAndTag() {
    for (String url : urls("sidx")) {
      var get = here.send("GET", url);
      var head = here.send("HEAD", url);
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(head.headers().firstValueAsLong("content-length")).hasValue(get.body().length);
      assertThat(tag(head)).isEqualTo(tag(get));
    }
  }

  @Test
  void anyRangeIsTheSliceOfTheWhole() {
    var random = new Random(SEED);
    for (String asset : ASSETS) {
      String url = segment(asset);
      byte[] whole = here.get(url);
      for (int i = 0; i < RANGES; i++) {
        int first = random.nextInt(whole.length);
        int last = first + random.nextInt(i % 2 == 0 ? 64 : whole.length);
        var server = i % 2 == 0 ? here : there;
        var part = server.send("GET", url, "range", "bytes=%d-%d".formatted(first, last));
        int end = Math.min(last + 1, whole.length);
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("content-range"))
            .contains("bytes %d-%d/%d".formatted(first, end - 1, whole.length));
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole, first, end));
      }
      var suffix = here.send("GET", url, "range", "bytes=-100");
      assertThat(suffix.body())
          .isEqualTo(Arrays.copyOfRange(whole, whole.length - 100, whole.length));
    }
  }

  @Test
  void conditionsHold() {
    String url = segment("sidx");
    byte[] whole = here.get(url);
    String tag = tag(here.send("HEAD", url));

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
              new PublicUrls(Optional.of("http://origin.test:8080"), Optional.empty()),
              Clock.systemUTC());
      for (String asset : ASSETS) {
        String url = segment(asset);
        var whole = here.send("GET", url);
        var caller = new Caller(Optional.empty(), false, true);
        Answer answer = origin.answer(UrlGrammar.parse(url, Bytes.copyOf()), caller);
        assertThat(answer.etag()).contains(tag(whole));
        assertThat(read(answer, chunkBytes)).isEqualTo(whole.body());
      }
    }
  }

  private static byte[] read(Answer answer, int chunkBytes) {
    try (var body = answer.body().get()) {
      byte[] all = new byte[Math.toIntExact(body.lengthBytes())];
      for (int at = 0; at < all.length; at += chunkBytes) {
        body.read(at, ByteBuffer.wrap(all, at, Math.min(chunkBytes, all.length - at)));
      }
      return all;
    }
  }

  /** The manifests of an asset, and every URL in them. */
  private static List<String> urls(String asset) {
    var urls = new ArrayList<String>();
    for (String format : List.of("mpd-time-csf", "mpd-time-cmaf")) {
      String base = "/%s/%s.ism/".formatted(asset, asset);
      String manifest = base + "manifest(format=%s)".formatted(format);
      urls.add(manifest);
      for (var representation : Mpd.parse(here.get(manifest)).representations()) {
        urls.add(base + representation.initialization());
        representation.segments().forEach(s -> urls.add(base + s.url()));
      }
    }
    return urls;
  }

  /** The first media segment of an asset's video. */
  private static String segment(String asset) {
    return urls(asset).get(2);
  }

  private static String tag(HttpResponse<byte[]> response) {
    return response.headers().firstValue("etag").orElseThrow();
  }
}
