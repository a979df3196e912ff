package dev.sluice.origin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands around a streaming endpoint, over real sockets. */
class EdgeTest {
  private static final String LEVEL = "/bear/bear.ism/QualityLevels(1)/";
  private static final String SEGMENT = LEVEL + "Fragments(video=5)";
  private static final String PREFETCH = "CDN-Origin-Assist-Prefetch-Enabled: 1\r\n";

  private TestOrigin origin;

  @BeforeEach
  void startOpen() throws Exception {
    origin = new TestOrigin();
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  private void start(Edge edge) throws Exception {
    origin.close();
    origin = new TestOrigin(Optional.empty(), edge);
  }

  private void start(AccessControl access) throws Exception {
    start(new Edge(access, /* cdnPrefetch= */ false, CrossSitePolicies.NONE));
  }

  private String send(String method, String target, String fields) {
    return origin.exchange(
        method
            + " "
            + target
            + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + (method.equals("POST") ? "Content-Length: 0\r\n" : "")
            + fields
            + "\r\n");
  }

  private String get(String target, String fields) {
    return send("GET", target, fields);
  }

  private static Optional<AddressList> list(String... texts) {
    return Optional.of(
        new AddressList(
            List.of(texts).stream().map(t -> AddressPrefix.parse(t).orElseThrow()).toList()));
  }

  @Test
  void refusesStreamingToAddressesThatAreNotListed() throws Exception {
    start(new AccessControl(list("192.0.2.0/24"), Optional.empty(), AddressList.NONE, List.of()));
    for (String target :
        List.of(
            SEGMENT,
            LEVEL + "Manifest(video,format=m3u8-aapl).m3u8",
            "/bear/bear.ism/manifest",
            "/a/10.bytes",
            "/videos",
            "/",
            "/player/",
            "/crossdomain.xml",
            "/KEYS/10.bytes",
            "/nothing/")) {
      assertThat(get(target, ""))
          .startsWith("HTTP/1.1 403 ")
          .contains("\r\ncontent-type: application/problem+json\r\n")
          .contains("\r\ncache-control: no-store\r\n")
          .contains("\"code\":\"ADDRESS_NOT_ALLOWED\"");
    }
    assertThat(send("HEAD", SEGMENT, "")).startsWith("HTTP/1.1 403 ").endsWith("\r\n\r\n");
    assertThat(send("OPTIONS", SEGMENT, "")).startsWith("HTTP/1.1 403 ");
    assertThat(send("DELETE", SEGMENT, "")).startsWith("HTTP/1.1 403 ");
    assertThat(get(SEGMENT, "X-Forwarded-For: 192.0.2.7\r\n")).startsWith("HTTP/1.1 403 ");
    assertThat(get("/keys/", "")).startsWith("HTTP/1.1 200 ");
    assertThat(send("POST", "/keys/ClearKey/", "")).startsWith("HTTP/1.1 200 ");
    assertThat(origin.opened.get()).isZero();
  }

  @Test
  void hasAListOfItsOwnForKeys() throws Exception {
    start(new AccessControl(Optional.empty(), list("192.0.2.0/24"), AddressList.NONE, List.of()));
    for (String target : List.of("/keys", "/keys/", "/keys/?kid=1", "/keys/nothing/more")) {
      assertThat(get(target, "")).contains("\"code\":\"ADDRESS_NOT_ALLOWED\"");
    }
    assertThat(send("POST", "/keys/ClearKey/", "")).startsWith("HTTP/1.1 403 ");
    assertThat(get("/%6beys/", "")).startsWith("HTTP/1.1 400 ");
    assertThat(get(SEGMENT, "")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void believesTrustedProxiesOnly() throws Exception {
    start(
        new AccessControl(
            list("192.0.2.0/24"),
            Optional.empty(),
            list("127.0.0.0/8", "10.0.0.0/8").orElseThrow(),
            List.of()));
    assertThat(get(SEGMENT, "X-Forwarded-For: 192.0.2.7\r\n")).startsWith("HTTP/1.1 200 ");
    assertThat(get(SEGMENT, "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-For: 10.1.1.1\r\n"))
        .startsWith("HTTP/1.1 200 ");
    assertThat(get(SEGMENT, "X-Forwarded-For: 192.0.2.7, 198.51.100.1\r\n"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(get(SEGMENT, "X-Forwarded-For: 192.0.2.7, unknown\r\n")).startsWith("HTTP/1.1 403 ");
    assertThat(get(SEGMENT, "")).startsWith("HTTP/1.1 403 ");
  }

  @Test
  void wantsAkamaisSignatureOnEverythingButKeys() throws Exception {
    var key =
        new AkamaiKey(
            "k1",
            Bytes.copyOf("07bf84629be85d68a3ef343d".getBytes(StandardCharsets.US_ASCII)),
            Instant.MAX);
    start(new AccessControl(Optional.empty(), Optional.empty(), AddressList.NONE, List.of(key)));
    String data = "5, 192.0.2.1, 192.0.2.2, %d, 17.4, k1".formatted(Instant.now().getEpochSecond());
    String target = SEGMENT + "?token=a%20b";
    String signed =
        "X-Akamai-G2O-Auth-Data: %s\r\nX-Akamai-G2O-Auth-Sign: %s\r\n"
            .formatted(data, AkamaiSignature.sign('5', key, data, target));
    assertThat(get(target, signed)).startsWith("HTTP/1.1 200 ");
    assertThat(send("HEAD", target, signed)).startsWith("HTTP/1.1 200 ");
    assertThat(send("OPTIONS", target, signed)).startsWith("HTTP/1.1 204 ");
    assertThat(get("http://cdn.example" + target, signed)).startsWith("HTTP/1.1 200 ");
    for (String other : List.of(SEGMENT, target + "c", "/videos", "/keyring/10.bytes")) {
      assertThat(get(other, signed))
          .startsWith("HTTP/1.1 403 ")
          .contains("\"code\":\"SIGNATURE_REFUSED\"");
    }
    assertThat(get(target, "")).contains("\"code\":\"SIGNATURE_REFUSED\"");
    assertThat(get("/keys/", "")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void namesTheNextSegmentToNetworksThatAsk() throws Exception {
    start(new Edge(AccessControl.OPEN, /* cdnPrefetch= */ true, CrossSitePolicies.NONE));
    String path = "\r\ncdn-origin-assist-prefetch-path: Fragments(video=6)\r\n";
    assertThat(get(SEGMENT, PREFETCH)).startsWith("HTTP/1.1 200 ").contains(path);
    assertThat(send("HEAD", SEGMENT, PREFETCH)).contains(path);
    assertThat(get(SEGMENT, PREFETCH + "Range: bytes=0-1\r\n"))
        .startsWith("HTTP/1.1 206 ")
        .contains(path);
    assertThat(get(SEGMENT, PREFETCH + "CDN-Origin-Assist-Prefetch-Request: 0\r\n")).contains(path);
    assertThat(get(SEGMENT, PREFETCH)).doesNotContain("vary");
    assertThat(get("/bear/bear.ism/manifest", PREFETCH)).contains("wantsPrefetchPath=true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "CDN-Origin-Assist-Prefetch-Enabled: 0\r\n",
        "CDN-Origin-Assist-Prefetch-Enabled: true\r\n",
        "CDN-Origin-Assist-Prefetch-Enabled: 1\r\nCDN-Origin-Assist-Prefetch-Enabled: 1\r\n",
        PREFETCH + "CDN-Origin-Assist-Prefetch-Request: 1\r\n",
        PREFETCH
            + "CDN-Origin-Assist-Prefetch-Request: 0\r\nCDN-Origin-Assist-Prefetch-Request: 1\r\n",
      })
  void tellsOthersNothing(String fields) throws Exception {
    start(new Edge(AccessControl.OPEN, /* cdnPrefetch= */ true, CrossSitePolicies.NONE));
    assertThat(get(SEGMENT, fields))
        .startsWith("HTTP/1.1 200 ")
        .doesNotContain("cdn-origin-assist");
    assertThat(get("/bear/bear.ism/manifest", fields)).contains("wantsPrefetchPath=false");
  }

  @Test
  void tellsNobodyUnlessSet() throws Exception {
    assertThat(get(SEGMENT, PREFETCH)).doesNotContain("cdn-origin-assist");
    assertThat(get("/bear/bear.ism/manifest", PREFETCH)).contains("wantsPrefetchPath=false");
  }

  @Test
  void servesThePolicyFilesThatAreSet() throws Exception {
    String policy = "<cross-domain-policy>\u00e4</cross-domain-policy>";
    start(
        new Edge(
            AccessControl.OPEN,
            /* cdnPrefetch= */ false,
            new CrossSitePolicies(Optional.empty(), Optional.of(policy))));
    assertThat(get("/crossdomain.xml", ""))
        .startsWith("HTTP/1.1 200 ")
        .contains("\r\ncontent-type: text/xml; charset=utf-8\r\n")
        .contains("\r\ncontent-length: 45\r\n")
        .endsWith("\r\n\r\n<cross-domain-policy>\u00c3\u00a4</cross-domain-policy>");
    assertThat(send("HEAD", "/crossdomain.xml?x", "")).startsWith("HTTP/1.1 200 ");
    assertThat(get("/CrossDomain.xml", "")).startsWith("HTTP/1.1 404 ");
    assertThat(get("/clientaccesspolicy.xml", "")).startsWith("HTTP/1.1 404 ");
    assertThat(send("POST", "/crossdomain.xml", "")).startsWith("HTTP/1.1 405 ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/bear/bear.ism/manifest(format=mpd-time-csf)",
        "/bear/bear.ism/manifest(format=m3u8-cmaf).m3u8",
        LEVEL + "Manifest(video,format=m3u8-cmaf).m3u8",
        LEVEL + "Fragments(video=5,format=m3u8-aapl).ts",
        LEVEL + "Fragments(video=5,format=mpd-time-cmaf).m4s",
        LEVEL + "Fragments(video=5)",
        "/a/10.bytes",
        "/videos",
      })
  void letsEveryPageReadStreams(String target) throws Exception {
    String page = "Origin: https://player.example\r\n";
    for (String method : List.of("GET", "HEAD")) {
      String answer =
          send(method, target, page + "Range: bytes=0-1\r\nAuthorization: Bearer x\r\n");
      assertThat(answer)
          .matches("(?s)HTTP/1.1 20[06] .*")
          .contains("\r\naccess-control-allow-origin: *\r\n")
          .doesNotContain("access-control-allow-credentials")
          .containsPattern(
              "access-control-expose-headers: Content-Length, Content-Range, Date, ETag");
    }
    String preflight =
        send(
            "OPTIONS",
            target,
            page
                + "Access-Control-Request-Method: GET\r\n"
                + "Access-Control-Request-Headers: authorization, range\r\n");
    assertThat(preflight)
        .startsWith("HTTP/1.1 204 ")
        .contains("\r\naccess-control-allow-origin: *\r\n")
        .contains("\r\naccess-control-allow-methods: GET, HEAD, OPTIONS\r\n")
        .containsPattern("access-control-allow-headers: Authorization,.* Range,")
        .contains("\r\naccess-control-max-age: 86400\r\n");
  }

  @Test
  void letsEveryPageReadRefusals() throws Exception {
    assertThat(get("/bear/bear.ism/manifest(a", ""))
        .startsWith("HTTP/1.1 404 ")
        .contains("\r\naccess-control-allow-origin: *\r\n");
  }

  @Test
  void compressesPlaylistsWhateverTheirType() throws Exception {
    String playlist = LEVEL + "Manifest(video,format=m3u8-aapl).m3u8";
    assertThat(get(playlist, "Accept-Encoding: gzip\r\n"))
        .contains("\r\ncontent-type: application/vnd.apple.mpegurl\r\n")
        .contains("\r\ncontent-encoding: gzip\r\n")
        .contains("\r\nvary: Accept-Encoding\r\n")
        .contains("\r\ncache-control: public, max-age=10\r\n")
        .contains("\r\netag: \"p1-gzip\"\r\n");
    assertThat(get(SEGMENT, "Accept-Encoding: gzip\r\n")).doesNotContain("content-encoding");
  }
}
