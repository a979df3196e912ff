package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.crypto.MediaCiphers;
import dev.sluice.origin.access.TokenVerifier;
import dev.sluice.origin.catalog.DocumentReader;
import dev.sluice.origin.catalog.Kind;
import dev.sluice.origin.catalog.StoredCatalog;
import dev.sluice.origin.delivery.Caches;
import dev.sluice.origin.delivery.Fragments;
import dev.sluice.origin.delivery.OriginService;
import dev.sluice.origin.delivery.PublicUrls;
import dev.sluice.origin.delivery.Titles;
import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.http.HttpCall;
import dev.sluice.origin.http.OriginEndpoints;
import dev.sluice.origin.http.RequestHandler;
import dev.sluice.origin.key.MasterKey;
import dev.sluice.origin.license.KeyAnswers;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.CacheFigures;
import dev.sluice.origin.media.Gzip;
import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.track.TitleReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept in memory is what would be answered without it, whatever changes. */
@Timeout(300)
final class CachedAnswersTest {
  private static final Caches ALL = new Caches(64 << 20, 64 << 20);
  private static final Caches ANSWERS = new Caches(64 << 20, 0);
  private static final Caches NONE = new Caches(0, 0);
  private static final String ASSET = "sidx";
  private static final String LOCATOR = "90000000-0000-4000-8000-0000000000c1";
  private static final Caller HTTP = new Caller(Optional.empty(), false, false);
  private static final Caller HTTPS = new Caller(Optional.empty(), true, false);
  private static final Caller WITH_TOKEN = new Caller(Optional.of("abc"), false, false);
  private static final String MPD = new Cell("mpd-time-csf", "cenc").manifest(ASSET);

  @TempDir private Path folder;
  private final StoredCatalog catalog =
      StoredCatalog.inMemory(MasterKey.taking(new byte[MasterKey.BYTES]), new SecureRandom());
  private final AtomicLong nanos = new AtomicLong();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @AfterEach
  void close() {
    catalog.close();
  }

  /** An origin, and what stands in front of it. */
  private record Node(OriginService service, OriginEndpoints endpoints) {
    Answer serve(String url, Caller caller) {
      return endpoints.serve(call(url, caller));
    }

    Optional<Answer> atHand(String url, Caller caller) {
      return endpoints.atHand(call(url, caller));
    }

    CacheFigures figures(String name) {
      return service.figures().stream()
          .filter(f -> f.name().equals(name))
          .findFirst()
          .orElseThrow();
    }

    private static HttpCall call(String url, Caller caller) {
      return new HttpCall("GET", url, Bytes.copyOf(), caller);
    }
  }

  private Node node(Caches caches) {
    return node(caches, SourceTitles.root());
  }

  private Node node(Caches caches, Path media) {
    var store = new FileObjectStore(media);
    var service =
        new OriginService(
            catalog,
            store,
            new Titles(store, new TitleReader(store, 64), nanos::get, 1_000_000),
            new Fragments(1 << 24),
            MediaCiphers.best(),
            new KeyAnswers(catalog, () -> now, new TokenVerifier(), false),
            new PublicUrls(Optional.of("http://o.test"), Optional.of("https://o.test")),
            () -> now,
            /* listsAssets= */ false,
            caches);
    return new Node(
        service,
        new OriginEndpoints(
            new RequestHandler() {
              @Override
              public Answer answer(OriginRequest request, Caller caller) {
                return service.answer(request, caller);
              }

              @Override
              public Optional<Answer> atHand(OriginRequest request, Caller caller) {
                return service.atHand(request, caller);
              }
            }));
  }

  private void apply(Documents documents) {
    catalog.apply(DocumentReader.read(documents.json().getBytes(StandardCharsets.UTF_8)));
  }

  private void apply(String document) {
    apply(new Documents().add(document));
  }

  /** Everything that a client can see of an answer, or of its refusal. */
  private static String shown(Node node, String url, Caller caller) {
    Answer answer;
    try {
      answer = node.serve(url, caller);
    } catch (Failure e) {
      return e.code() + ": " + e.detail();
    }
    return shown(answer);
  }

  private static String shown(Answer answer) {
    byte[] bytes = bytes(answer);
    answer.gzipped().ifPresent(it -> assertThat(it).isEqualTo(Gzip.compress(Bytes.taking(bytes))));
    return "%d %s %s %s %s %s %s"
        .formatted(
            answer.status(),
            answer.contentType(),
            answer.etag(),
            answer.cache(),
            answer.compressible(),
            new TreeMap<>(answer.headers()),
            new dev.sluice.origin.media.Digests("test").add(bytes).hex());
  }

  private static byte[] bytes(Answer answer) {
    try (var body = answer.body().get()) {
      var out = ByteBuffer.allocate(Math.toIntExact(body.lengthBytes()));
      body.read(0, out);
      assertThat(out.hasRemaining()).isFalse();
      return out.array();
    }
  }

  /**
   * @param segments whether encrypted segments are kept; if not, segments are made without a wait
   *     for storage once they were asked for
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void answersAsWithoutCachesWhateverChanges(boolean segments) {
    apply(CellDocuments.of(ASSET));
    var crawler = node(NONE);
    var atHand = new LinkedHashSet<String>();
    var urls = new ArrayList<String>();
    Cell.all()
        .forEach(cell -> {
          var crawled = Crawler.crawl(cell, ASSET, url -> bytes(crawler.serve(url, HTTP)));
          atHand.addAll(crawled.manifests().keySet());
          for (var rendition : crawled.renditions()) {
            rendition.init().ifPresent(atHand::add);
            urls.add(rendition.segments().getFirst().url());
            urls.add(rendition.segments().getLast().url());
          }
        });
    urls.addAll(atHand);
    assertThat(urls).hasSizeGreaterThan(150);
    if (!segments && System.getProperty("os.name").equals("Linux")) {
      atHand.addAll(urls);
    }
    var cached = node(segments ? ALL : ANSWERS);
    compare(cached, urls, atHand);

    String others = CellDocuments.withOtherKeys(ASSET).json();
    apply(
        """
        {"kind": "AssetDeliveryPolicy", "name": "cenc", "type": "Blocked", "configuration": {},
         "protocols": ["Dash"]}
        """);
    compare(cached, urls, Set.of());

    apply(asset("\"clear\", \"cbcs\""));
    compare(cached, urls, Set.of());

    apply(CellDocuments.of(ASSET));
    compare(cached, urls, atHand);

    // Other values under the same ids.
    apply(
        """
        {"kind": "Asset", "name": "sidx", "container": "sidx"}
        """);
    compare(cached, urls, Set.of());
    for (String id :
        List.of(CellDocuments.CENC_KEY_ID, CellDocuments.CBCS_KEY_ID, CellDocuments.CBC_KEY_ID)) {
      catalog.delete(Kind.CONTENT_KEY, id);
    }
    apply(CellDocuments.withOtherKeys(ASSET));
    compare(cached, urls, atHand);

    // Other ways to get a key, so other signals.
    apply(
        """
        {"kind": "ContentKeyAuthorizationPolicy", "name": "cells", "options": [
          {"name": "b", "keyDeliveryType": "BaselineHttp", "restriction": {"type": "Open"}}]}
        """);
    compare(cached, urls, atHand);

    // A licence URL of the policy's.
    apply(
        """
        {"kind": "AssetDeliveryPolicy", "name": "cenc", "type": "DynamicCommonEncryption",
         "protocols": ["Dash", "HLS", "SmoothStreaming"],
         "configuration": {"playReadyLicenseAcquisitionUrl": "https://licences.test/pr"}}
        """);
    compare(cached, urls, atHand);

    // A filter of the asset, and another content of it.
    apply(filter(40_000_000));
    apply(
        others
            .substring(1, others.length() - 1)
            .replace("\"container\":", "\"filters\": [\"f\"], \"container\":"));
    compare(cached, urls, Set.of());
    apply(filter(20_000_000));
    compare(cached, urls, Set.of());

    // Published under another name, and no longer.
    apply(CellDocuments.withOtherKeys(ASSET));
    compare(cached, urls, atHand);
    apply(locator(""));
    compare(cached, urls, Set.of());
    catalog.delete(Kind.STREAMING_LOCATOR, LOCATOR);
    compare(cached, urls, atHand);
    catalog.delete(Kind.ASSET, ASSET);
    compare(cached, urls, Set.of());
  }

  /**
   * Compares with an origin that has just been started.
   *
   * @param atHand which URLs must be at hand once they were asked for
   */
  private void compare(Node cached, List<String> urls, Set<String> atHand) {
    Node fresh = node(NONE);
    for (String url : urls) {
      for (Caller caller : List.of(HTTP, HTTPS)) {
        String expected = shown(fresh, url, caller);
        // First of all what is left of the time before the change.
        cached
            .atHand(url, caller)
            .ifPresent(answer -> assertThat(shown(answer)).as(url).isEqualTo(expected));
        assertThat(shown(cached, url, caller)).as(url).isEqualTo(expected);
        assertThat(shown(cached, url, caller)).as(url + ", again").isEqualTo(expected);
        var answer = cached.atHand(url, caller);
        if (atHand.contains(url)) {
          assertThat(answer.map(CachedAnswersTest::shown)).as(url).contains(expected);
        }
      }
    }
  }

  private static String asset(String policies) {
    return """
    {"kind": "Asset", "name": "sidx", "container": "sidx", "deliveryPolicies": [%s],
     "contentKeys": ["%s", "%s", "%s"]}
    """
        .formatted(
            policies,
            CellDocuments.CENC_KEY_ID,
            CellDocuments.CBCS_KEY_ID,
            CellDocuments.CBC_KEY_ID);
  }

  private static String filter(long endTicks) {
    return """
    {"kind": "Filter", "name": "f", "presentationTimeRange": {"endTimestamp": %d}}
    """
        .formatted(endTicks);
  }

  private static String locator(String times) {
    return """
    {"kind": "StreamingLocator", "id": "%s", "asset": "sidx"%s}
    """
        .formatted(LOCATOR, times);
  }

  @Test
  void outlivesNoTimeOfItsLocator() {
    apply(CellDocuments.of(ASSET));
    apply(
        locator(
            ", \"startTime\": \"2026-01-01T00:00:00Z\", \"endTime\": \"2026-01-01T01:00:00Z\""));
    String url = MPD.replace("/sidx/", "/" + LOCATOR + "/");
    var node = node(ALL);
    node.serve(url, HTTP);
    assertThat(node.atHand(url, HTTP)).isPresent();

    now = Instant.parse("2026-01-01T00:59:59.999999999Z");
    assertThat(node.atHand(url, HTTP)).isPresent();
    now = Instant.parse("2026-01-01T01:00:00Z");
    assertThat(node.atHand(url, HTTP)).isEmpty();
    assertThat(shown(node, url, HTTP)).contains("expired");
    now = Instant.parse("2025-12-31T23:59:59Z");
    assertThat(node.atHand(url, HTTP)).isEmpty();
    assertThat(shown(node, url, HTTP)).contains("not yet in force");
  }

  @Test
  void looksAtTheFolderEachSecond() throws IOException {
    apply(CellDocuments.of(ASSET));
    Path file = Files.createDirectories(folder.resolve("sidx")).resolve("video.mp4");
    Files.copy(SourceTitles.root().resolve("sidx/video.mp4"), file);
    var node = node(ALL, folder);
    String before = shown(node, MPD, HTTP);
    long loads = node.figures("answers").loads();

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(node.atHand(MPD, HTTP)).as("the look is due").isEmpty();
    assertThat(shown(node, MPD, HTTP)).isEqualTo(before);
    assertThat(node.atHand(MPD, HTTP)).isPresent();
    assertThat(node.figures("answers").loads()).as("nothing changed").isEqualTo(loads);

    Path other = folder.resolve("other");
    Files.copy(SourceTitles.root().resolve("ladder/low.mp4"), other);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(node.atHand(MPD, HTTP)).as("within the second").isPresent();
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(node.atHand(MPD, HTTP)).isEmpty();
    assertThat(shown(node, MPD, HTTP)).isNotEqualTo(before);
    assertThat(shown(node, MPD, HTTP)).isEqualTo(shown(node(NONE, folder), MPD, HTTP));
  }

  @Test
  void rendersNothingAnewForDocumentsThatDoNotMatter() {
    apply(CellDocuments.of(ASSET));
    var node = node(ALL);
    String before = shown(node, MPD, HTTP);
    long loads = node.figures("answers").loads();

    apply(
        """
        {"kind": "Asset", "name": "another", "container": "another"}
        """);
    assertThat(node.atHand(MPD, HTTP)).as("something changed").isEmpty();
    assertThat(shown(node, MPD, HTTP)).isEqualTo(before);
    assertThat(node.atHand(MPD, HTTP)).isPresent();
    assertThat(node.figures("answers").loads()).isEqualTo(loads);
  }

  @Test
  void rendersOnceForAllWhoAskAtATime() throws Exception {
    apply(CellDocuments.of(ASSET));
    var node = node(ALL);
    var go = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<CompletableFuture<Answer>>();
      for (int i = 0; i < 64; i++) {
        answers.add(
            CompletableFuture.supplyAsync(
                () -> {
                  await(go);
                  return node.serve(MPD, HTTP);
                },
                threads));
      }
      go.countDown();
      Bytes first = body(answers.getFirst().get(30, TimeUnit.SECONDS));
      for (var answer : answers) {
        assertThat(body(answer.get(30, TimeUnit.SECONDS))).isSameAs(first);
      }
    }
    assertThat(node.figures("answers").loads()).isEqualTo(1);
  }

  private static Bytes body(Answer answer) {
    return answer.body().get().bytes().orElseThrow();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void keepsNoMoreThanTold() {
    apply(CellDocuments.of(ASSET));
    var caches = new Caches(40_000, 400_000);
    var node = node(caches);
    for (Cell cell : Cell.all().toList()) {
      for (String url : Crawler.crawl(cell, ASSET, it -> bytes(node.serve(it, HTTP))).urls()) {
        bytes(node.serve(url, HTTP));
        assertThat(node.figures("answers").weightBytes()).isLessThanOrEqualTo(40_000);
        assertThat(node.figures("segments").weightBytes()).isLessThanOrEqualTo(400_000);
      }
    }
    assertThat(node.figures("answers").evictions()).isPositive();
    assertThat(node.figures("answers").entries()).isPositive();
    assertThat(node.figures("segments").evictions()).isPositive();
    assertThat(node.figures("segments").entries()).isPositive();
  }

  @Test
  void keepsNothingWhereToldTo() {
    apply(CellDocuments.of(ASSET));
    var node = node(NONE);
    node.serve(MPD, HTTP);
    assertThat(node.atHand(MPD, HTTP)).isEmpty();
    assertThat(node.figures("answers").entries()).isZero();
  }

  @Test
  void answersEachSchemeOfCallersByItsOwn() {
    apply(CellDocuments.of(ASSET));
    var node = node(ALL);
    node.serve(MPD, HTTP);
    assertThat(node.atHand(MPD, HTTPS)).isEmpty();
    node.serve(MPD, HTTPS);
    assertThat(new String(bytes(node.atHand(MPD, HTTP).orElseThrow()), StandardCharsets.UTF_8))
        .contains("http://o.test/keys")
        .doesNotContain("https://o.test/keys");
    assertThat(new String(bytes(node.atHand(MPD, HTTPS).orElseThrow()), StandardCharsets.UTF_8))
        .contains("https://o.test/keys")
        .doesNotContain("http://o.test/keys");
  }

  @Test
  void hasNothingAtHandForTokensQueriesAndRefusals() {
    apply(CellDocuments.of(ASSET));
    var node = node(ALL);
    node.serve(MPD, HTTP);
    assertThat(node.atHand(MPD, WITH_TOKEN)).isEmpty();
    assertThat(shown(node, MPD, WITH_TOKEN)).isEqualTo(shown(node, MPD, HTTP));

    String query = MPD + "?token=abc";
    node.serve(query, HTTP);
    assertThat(node.atHand(query, HTTP)).isEmpty();
    assertThat(node.endpoints().figures().entries()).isEqualTo(1);

    shown(node, MPD.replace("cenc", "none") + ".nothing", HTTP);
    shown(node, "/nobody/nobody.ism/manifest", HTTP);
    assertThat(node.endpoints().figures().entries()).isEqualTo(1);
  }
}
