package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.origin.oracle.Playlists;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * HLS over HTTP of every format and scheme: two parsers of others read the playlists, every URL in
 * them answers and has the tags of the request, and the key tags are those that {@code system=}
 * asks for, the same in all playlists.
 */
final class HlsOverHttpTest {
  private static final Map<String, String> SYSTEMS =
      Map.of(
          "com.apple.streamingkeydelivery", "fairplay",
          "urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed", "widevine",
          "com.microsoft.playready", "playready",
          "org.w3.clearkey", "clearkey",
          "identity", "identity");

  /** Spec: the order of tags of the streaming service, encryption last, then the extension. */
  private static final Pattern PLAYLIST =
      Pattern.compile(
          "QualityLevels\\(\\d+\\)/Manifest\\([a-z]+,format=FORMAT(,type=keyframes)?(,filter=[a-z;-]+)?"
              + "(,audiotrack=[a-z]+)?(,system=[a-z;]+)?(,encryption=[a-z-]+)?\\)\\.m3u8");

  private static final Pattern FRAGMENT =
      Pattern.compile(
          "Fragments\\([a-z]+=(\\d+|i),format=FORMAT(,type=keyframes)?(,filter=[a-z;-]+)?"
              + "(,audiotrack=[a-z]+)?(,encryption=[a-z-]+)?\\)\\.(mp4|m4s|ts)");

  @TempDir private static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void serve() {
    Documents.ofKeys()
        .add(policy("cenc", "DynamicCommonEncryption", ""))
        .add(policy("cbcs", "DynamicCommonEncryptionCbcs", ""))
        .add(policy("aes", "DynamicEnvelopeEncryption", ""))
        .add(policy("clear", "NoDynamicEncryption", ""))
        .add(
            policy(
                "two",
                "DynamicCommonEncryptionCbcs",
                ", \"systems\": [\"FairPlay\", \"Widevine\"]"))
        .add(
            """
            {"kind": "ContentKeyAuthorizationPolicy", "name": "all", "options": [
              {"keyDeliveryType": "PlayReadyLicense", "restriction": {"type": "Open"}},
              {"keyDeliveryType": "Widevine", "configuration": {}, "restriction": {"type": "Open"}},
              {"keyDeliveryType": "FairPlay", "restriction": {"type": "Open"}},
              {"keyDeliveryType": "ClearKey", "restriction": {"type": "Open"}},
              {"keyDeliveryType": "BaselineHttp", "restriction": {"type": "Open"}}]}
            """)
        .add(
            """
            {"kind": "ContentKeyAuthorizationPolicy", "name": "fairplay", "options": [
              {"keyDeliveryType": "FairPlay", "restriction": {"type": "Open"}},
              {"keyDeliveryType": "Widevine", "restriction": {"type": "Open"}}]}
            """)
        .add(
            "{\"kind\": \"Filter\", \"name\": \"english\", \"tracks\": [{\"trackSelections\": [{\"property\": \"Language\", \"operation\": \"NotEqual\", \"value\": \"de\"}]}]}")
        .add(key(1, "CommonEncryption", "all"))
        .add(key(2, "CommonEncryptionCbcs", "all"))
        .add(key(3, "EnvelopeEncryption", "all"))
        .add(key(4, "CommonEncryptionCbcs", "fairplay"))
        .asset("all", "ladder", List.of(id(1), id(2), id(3)), "cenc", "cbcs", "aes", "clear")
        .asset("two", "ladder", List.of(id(4)), "two")
        .applyTo(folder.resolve("data"));
    server = RunningServer.serve(List.of(), SourceTitles.root(), folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void isReadByTwoParsersInEveryFormatAndScheme() throws IOException {
    var files = new LinkedHashMap<Path, String>();
    for (String cell :
        List.of(
            "format=m3u8-cmaf,encryption=none",
            "format=m3u8-cmaf,encryption=cenc",
            "format=m3u8-cmaf,encryption=cenc,system=identity",
            "format=m3u8-cmaf,encryption=cbcs",
            "format=m3u8-cmaf,encryption=cbcs-aapl,filter=english,system=fairplay;identity",
            "format=m3u8-cmaf,encryption=cbc",
            "format=m3u8-cmaf,encryption=none,audio-only=true",
            "format=m3u8-aapl,encryption=none",
            "format=m3u8-aapl,encryption=cbcs",
            "format=m3u8-aapl,encryption=cbcs,system=fairplay",
            "format=m3u8-aapl-v4,encryption=cbc",
            "format=m3u8-aapl-v3,encryption=none,audio-only=true",
            "format=m3u8-aapl-v3,encryption=cbcs,audioTrack=deutsch",
            "format=m3u8-aapl-v3,encryption=cbc,filter=english")) {
      var crawl = Crawl.of(server, "/all/ladder.ism/manifest(" + cell + ")");
      requireTags(crawl, cell);
      keep(files, crawl.manifest());
      crawl.playlists().values().forEach(text -> keep(files, text));
    }
    assertThat(files.size()).isGreaterThan(60);

    var read = Playlists.read(List.copyOf(files.keySet()));

    int i = 0;
    for (String text : files.values()) {
      var ours = Playlist.parse(text);
      var strict = read.get(i).path("strict");
      var lenient = read.get(i).path("lenient");
      i++;
      if (strict.has("segments")) {
        assertThat(texts(strict.path("segments"))).isEqualTo(ours.uris());
        assertThat(texts(lenient.path("segments"))).isEqualTo(ours.uris());
      } else {
        assertThat(texts(lenient.path("playlists"))).isEqualTo(ours.uris());
        assertThat(strict.path("sessionKeys").size())
            .isEqualTo(ours.all("EXT-X-SESSION-KEY").size());
      }
    }
  }

  private static List<String> texts(JsonNode list) {
    var uris = new ArrayList<String>();
    list.forEach(node -> uris.add(node.path("uri").asText()));
    return uris;
  }

  private static void keep(Map<Path, String> files, String text) {
    try {
      files.put(Files.writeString(folder.resolve(files.size() + ".m3u8"), text), text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Tags of the request, in the service's order, and the extensions that players insist on. */
  private static void requireTags(Crawl crawl, String cell) {
    String format = cell.substring("format=".length(), cell.indexOf(','));
    String encryption = cell.replaceAll(".*(encryption=[a-z-]+).*", "$1");
    var master = Playlist.parse(crawl.manifest());
    for (String url : master.playlists()) {
      assertThat(url).matches(PLAYLIST.pattern().replace("FORMAT", format));
      assertThat(url).contains(encryption);
      for (String tag : List.of("filter", "system")) {
        assertThat(url.contains(tag + "=")).as(url).isEqualTo(cell.contains(tag + "="));
      }
    }
    crawl
        .playlists()
        .forEach((url, text) -> {
          var playlist = Playlist.parse(text);
          var children = new ArrayList<>(playlist.uris());
          playlist.all("EXT-X-MAP").forEach(map -> children.add(map.get("URI")));
          for (String child : children) {
            assertThat(child).matches(FRAGMENT.pattern().replace("FORMAT", format));
            assertThat(child).contains(encryption);
            assertThat(child.contains("type=keyframes"))
                .as(child)
                .isEqualTo(url.contains("type=keyframes") && !child.contains("=i,"));
            assertThat(child)
                .endsWith(
                    format.startsWith("m3u8-aapl")
                        ? ").ts"
                        : child.contains("=i,") ? ").mp4" : ").m4s");
          }
          assertThat(playlist.has("EXT-X-MAP")).isEqualTo(format.equals("m3u8-cmaf"));
        });
    boolean isClear = cell.contains("encryption=none");
    assertThat(master.has("EXT-X-SESSION-KEY")).isEqualTo(!isClear);
    sameKeys(crawl);
  }

  /**
   * One key for all tracks: each media playlist has the tags that the multivariant one promises.
   */
  private static void sameKeys(Crawl crawl) {
    var session = Playlist.parse(crawl.manifest()).values("EXT-X-SESSION-KEY");
    crawl
        .playlists()
        .forEach((url, text) ->
            assertThat(Playlist.parse(text).values("EXT-X-KEY")).as(url).isEqualTo(session));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          all | encryption=cbcs                            | fairplay widevine playready
          all | encryption=cbcs,system=fairplay            | fairplay
          all | encryption=cbcs,system=widevine            | widevine
          all | encryption=cbcs,system=PlayReady           | playready
          all | encryption=cbcs,system=clearkey            | clearkey
          all | encryption=cbcs,system=identity            | identity
          all | encryption=cbcs,system=identity;fairplay   | fairplay identity
          all | encryption=cbcs,system=playready;widevine  | widevine playready
          all | encryption=cbcs,system=clearkey;identity;playready;widevine;fairplay | fairplay widevine playready clearkey identity
          all | encryption=cenc                            | widevine playready
          all | encryption=cenc,system=widevine            | widevine
          all | encryption=cenc,system=clearkey;identity   | clearkey identity
          two |                                            | fairplay widevine
          two | system=fairplay                            | fairplay
          """)
  void writesTheSystemsThatAreAskedFor(String asset, String tags, String expected) {
    String url =
        "/%s/ladder.ism/manifest(format=m3u8-cmaf%s)"
            .formatted(asset, tags == null ? "" : "," + tags);
    var crawl = Crawl.of(server, url);
    assertThat(
            Playlist.parse(crawl.manifest()).all("EXT-X-SESSION-KEY").stream()
                .map(key -> SYSTEMS.get(key.get("KEYFORMAT")))
                .collect(Collectors.joining(" ")))
        .isEqualTo(expected);
    sameKeys(crawl);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          all | encryption=cenc,system=fairplay | 403 MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY | system: fairplay (expected: widevine, playready, clearkey, identity)
          all | encryption=cbc,system=widevine  | 403 MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY | system: widevine (expected: identity)
          two | system=playready                | 403 MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY | system: playready (expected: fairplay, widevine)
          two | system=fairplay;identity        | 403 MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY | system: identity (expected: fairplay, widevine)
          all | encryption=cbcs,system=none     | 400 MPE_BAD_URL_SYNTAX | system: none (expected: of fairplay, widevine, playready, clearkey, identity, each once, joined by ';')
          all | encryption=cbcs,system=fairplay;fairplay | 400 MPE_BAD_URL_SYNTAX | system: fairplay;fairplay (expected: of fairplay, widevine, playready, clearkey, identity, each once, joined by ';')
          """)
  void refusesSystemsThatAreNotSignalled(String asset, String tags, String brief, String detail) {
    for (String path :
        List.of(
            "manifest(format=m3u8-cmaf,%s)",
            "QualityLevels(200000)/Manifest(video,format=m3u8-cmaf,%s)")) {
      var refusal = Refusal.of(server, "/" + asset + "/ladder.ism/" + path.formatted(tags));
      assertThat(refusal.brief()).isEqualTo(brief);
      assertThat(refusal.detail()).isEqualTo(detail);
    }
  }

  /** {@code system=identity} of an envelope is what it has anyway. */
  @Test
  void writesOneTagForSegmentsThatAreEncryptedWhole() {
    for (String system : List.of("", ",system=identity")) {
      var crawl =
          Crawl.of(
              server, "/all/ladder.ism/manifest(format=m3u8-aapl,encryption=cbc" + system + ")");
      assertThat(Playlist.parse(crawl.manifest()).all("EXT-X-SESSION-KEY"))
          .singleElement()
          .satisfies(key -> {
            assertThat(key.get("METHOD")).isEqualTo("AES-128");
            assertThat(key.get("URI")).isEqualTo("http://origin.test:8080/keys/?kid=" + id(3));
            assertThat(key.get("IV")).matches("0x[0-9a-f]{32}");
          });
      sameKeys(crawl);
    }
  }

  /** An extension or another case changes nothing but the text of the request. */
  @Test
  void takesAnyCaseAndExtension() {
    String tags = "(format=m3u8-cmaf,encryption=cbcs)";
    byte[] manifest = server.get("/all/ladder.ism/manifest" + tags);
    for (String other :
        List.of(
            "Manifest(format=m3u8-cmaf,encryption=cbcs).m3u8",
            "manifest(encryption=CBCS,FORMAT=M3U8-CMAF)",
            "manifest(format=m3u8-cmaf,encryption=cbcs).m3u8")) {
      assertThat(server.get("/all/ladder.ism/" + other)).isEqualTo(manifest);
    }
    String master = new String(manifest, StandardCharsets.UTF_8);
    String child = Playlist.parse(master).uris().getFirst();
    assertThat(server.get("/all/ladder.ism/" + child.replace(".m3u8", "")))
        .isEqualTo(server.get("/all/ladder.ism/" + child));
  }

  private static String policy(String name, String type, String more) {
    return "{\"kind\": \"AssetDeliveryPolicy\", \"name\": \"%s\", \"protocols\": [\"HLS\"], \"type\": \"%s\"%s}"
        .formatted(name, type, more);
  }

  private static String key(int number, String type, String policy) {
    return "{\"kind\": \"ContentKey\", \"id\": \"%s\", \"type\": \"%s\", \"authorizationPolicy\": \"%s\"}"
        .formatted(id(number), type, policy);
  }

  private static String id(int number) {
    return "a0000000-0000-4000-8000-%012x".formatted(number);
  }
}
