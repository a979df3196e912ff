package dev.sluice.origin.manifest.hls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.route.UrlGrammar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a validator would hold against any playlist, over all presentations of the goldens. */
final class PlaylistRulesTest {
  private static final String ISM = "/loc/a.ism/";

  @ParameterizedTest
  @MethodSource("names")
  void declaresTheVersionThatItsTagsNeed(String name) {
    parsed(name)
        .forEach((file, playlist) -> {
          long needed = 2;
          if (playlist.has("EXTINF")) {
            needed = 3;
          }
          if (playlist.has("EXT-X-I-FRAMES-ONLY") || playlist.has("EXT-X-MEDIA")) {
            needed = 4;
          }
          if (keys(playlist).stream().anyMatch(key -> key.has("KEYFORMAT"))) {
            needed = 5;
          }
          if (playlist.has("EXT-X-MAP")) {
            needed = 6;
          }
          assertThat(Long.parseLong(playlist.value("EXT-X-VERSION")))
              .as(file)
              .isGreaterThanOrEqualTo(needed)
              .isLessThanOrEqualTo(7);
          assertThat(playlist.has("EXT-X-ALLOW-CACHE")).as(file).isFalse();
          assertThat(playlist.has("EXT-X-BYTERANGE")).as(file).isFalse();
        });
  }

  @ParameterizedTest
  @MethodSource("names")
  void sharesOneTargetDurationThatNoSegmentExceeds(String name) {
    var targets = new TreeSet<String>();
    media(name)
        .forEach((file, playlist) -> {
          String target = playlist.value("EXT-X-TARGETDURATION");
          targets.add(target);
          assertThat(playlist.durations())
              .as(file)
              .isNotEmpty()
              .allMatch(seconds -> Math.round(seconds) <= Long.parseLong(target));
          assertThat(playlist.value("EXT-X-MEDIA-SEQUENCE")).isEqualTo("0");
          assertThat(playlist.value("EXT-X-PLAYLIST-TYPE")).isEqualTo("VOD");
          assertThat(playlist.value("EXT-X-PROGRAM-DATE-TIME"))
              .isEqualTo("1970-01-01T00:00:00.000+00:00");
          assertThat(playlist.tags().getLast().name()).isEqualTo("EXT-X-ENDLIST");
        });
    assertThat(targets).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("names")
  void listsEverySegmentOnceAndForItsWholeTime(String name) {
    for (PresentedTrack presented : presentation(name).tracks()) {
      var track = presented.track();
      var playlist =
          ParsedPlaylist.parse(
              new String(new MediaPlaylist().render(presentation(name), presented), UTF_8));
      var fragments = track.fragments();
      assertThat(playlist.uris()).hasSize(fragments.count()).doesNotHaveDuplicates();
      double seconds = (double) (fragments.endTicks() - fragments.startTicks(0));
      assertThat(playlist.durations().stream().mapToDouble(Double::doubleValue).sum())
          .isCloseTo(seconds / track.timescale(), within(1e-6));
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void mirrorsEveryKeyOfTheMediaPlaylists(String name) {
    Set<String> keys = new LinkedHashSet<>();
    media(name)
        .values()
        .forEach(playlist -> playlist.all("EXT-X-KEY").forEach(key -> keys.add(key.value())));
    assertThat(multivariant(name).all("EXT-X-SESSION-KEY"))
        .extracting(ParsedPlaylist.Tag::value)
        .containsExactlyInAnyOrderElementsOf(keys);
  }

  @ParameterizedTest
  @MethodSource("names")
  void saysHowEachKeyIsHad(String name) {
    parsed(name)
        .values()
        .forEach(playlist -> {
          var formats = new ArrayList<String>();
          for (var key : playlist.all("EXT-X-KEY")) {
            formats.add(key.get("KEYFORMAT"));
            String iv = key.get("IV");
            switch (key.get("METHOD")) {
              case "AES-128" -> assertThat(iv).matches("0x[0-9a-f]{32}");
              case "SAMPLE-AES" -> {
                if (key.get("KEYFORMAT").equals("identity")) {
                  assertThat(iv).matches("0x[0-9a-f]{32}");
                } else {
                  assertThat(iv).isEqualTo("null");
                }
              }
              case "SAMPLE-AES-CTR" -> {
                assertThat(iv).isEqualTo("null");
                assertThat(key.get("KEYFORMAT")).isNotEqualTo("com.apple.streamingkeydelivery");
              }
              default -> throw new AssertionError(key);
            }
          }
          assertThat(formats).doesNotHaveDuplicates();
          assertThat(formats.indexOf("identity")).isIn(-1, formats.size() - 1);
          // A key in front of the init segment would say that it is encrypted.
          var tags = playlist.tags().stream().map(ParsedPlaylist.Tag::name).toList();
          if (tags.contains("EXT-X-MAP") && tags.contains("EXT-X-KEY")) {
            assertThat(tags.indexOf("EXT-X-MAP")).isLessThan(tags.indexOf("EXT-X-KEY"));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("names")
  void hasNoEncryptedTrackWithoutKey(String name) {
    var presentation = presentation(name);
    for (PresentedTrack track : presentation.tracks()) {
      var text = new String(new MediaPlaylist().render(presentation, track), UTF_8);
      assertThat(ParsedPlaylist.parse(text).has("EXT-X-KEY"))
          .isEqualTo(track.protection().isPresent());
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void describesEveryVariant(String name) {
    var playlist = multivariant(name);
    for (var variant : playlist.all("EXT-X-STREAM-INF")) {
      assertThat(variant.get("CLOSED-CAPTIONS")).isEqualTo("NONE");
      assertThat(Long.parseLong(variant.get("BANDWIDTH")))
          .isGreaterThanOrEqualTo(Long.parseLong(variant.get("AVERAGE-BANDWIDTH")));
      if (variant.has("VIDEO-RANGE")) {
        assertThat(variant.get("FRAME-RATE")).matches("[0-9]+\\.[0-9]{3}");
      }
      if (variant.has("AUDIO")) {
        assertThat(group(playlist, variant.get("AUDIO"))).isNotEmpty();
      }
    }
    assertThat(playlist.all("EXT-X-STREAM-INF")).hasSameSizeAs(playlist.uris());
  }

  @ParameterizedTest
  @MethodSource("names")
  void givesEveryGroupTheSameMembers(String name) {
    var playlist = multivariant(name);
    Map<String, List<Map<String, String>>> groups = new LinkedHashMap<>();
    for (var member : playlist.all("EXT-X-MEDIA")) {
      var same = new LinkedHashMap<>(member.attributes());
      String id = String.valueOf(same.remove("GROUP-ID"));
      same.remove("URI");
      same.remove("CHANNELS");
      groups.computeIfAbsent(id, _ -> new ArrayList<>()).add(same);
    }
    assertThat(groups.values().stream().distinct().toList()).hasSizeLessThanOrEqualTo(1);
    groups
        .values()
        .forEach(members -> {
          assertThat(members).extracting(m -> m.get("NAME")).doesNotHaveDuplicates();
          assertThat(members).filteredOn(m -> "YES".equals(m.get("DEFAULT"))).hasSize(1);
          assertThat(members)
              .filteredOn(m -> "YES".equals(m.get("DEFAULT")))
              .allMatch(m -> "YES".equals(m.get("AUTOSELECT")));
          assertThat(members)
              .filteredOn(m -> "YES".equals(m.get("AUTOSELECT")))
              .extracting(m -> m.get("LANGUAGE"))
              .doesNotHaveDuplicates();
        });
  }

  @ParameterizedTest
  @MethodSource("names")
  void namesTheCodecsOfTheVariantAndItsAudio(String name) {
    var presentation = presentation(name);
    var playlist = multivariant(name);
    for (int i = 0; i < playlist.uris().size(); i++) {
      var variant = playlist.all("EXT-X-STREAM-INF").get(i);
      Set<String> codecs = new TreeSet<>();
      codecs.add(codec(presentation, playlist.uris().get(i)));
      if (variant.has("AUDIO")) {
        group(playlist, variant.get("AUDIO"))
            .forEach(member -> codecs.add(codec(presentation, member.get("URI"))));
      } else if (name.startsWith("v3")) {
        codecs.add("mp4a.40.2");
      }
      assertThat(new TreeSet<>(Arrays.asList(variant.get("CODECS").split(",", -1))))
          .isEqualTo(codecs);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void followsEachVideoTrackWithItsKeyframes(String name) {
    var playlist = multivariant(name);
    if (name.startsWith("v3") || name.equals("cmaf-audio")) {
      assertThat(playlist.has("EXT-X-I-FRAME-STREAM-INF")).isFalse();
      return;
    }
    long videos =
        presentation(name).tracks().stream()
            .filter(p -> p.track().name().startsWith("video"))
            .count();
    assertThat(playlist.all("EXT-X-I-FRAME-STREAM-INF")).hasSize((int) videos);
    assertThat(playlist.tags().getLast().name()).isEqualTo("EXT-X-I-FRAME-STREAM-INF");
    playlist
        .all("EXT-X-I-FRAME-STREAM-INF")
        .forEach(tag -> assertThat(tag.get("URI")).contains(",type=keyframes"));
  }

  /** Each URL, read by the grammar, asks for what the playlist means by it. */
  @ParameterizedTest
  @MethodSource("names")
  void writesUrlsThatLeadBack(String name) {
    var presentation = presentation(name);
    var playlist = multivariant(name);
    var leads = new ArrayList<String>(playlist.uris());
    for (String tag : List.of("EXT-X-MEDIA", "EXT-X-I-FRAME-STREAM-INF")) {
      playlist.all(tag).forEach(t -> leads.add(t.get("URI")));
    }
    for (String uri : leads) {
      var request = (OriginRequest.MediaPlaylist) UrlGrammar.parse(ISM + uri, Bytes.copyOf());
      assertThat(uri).endsWith(".m3u8");
      assertThat(request.tags().format()).isEqualTo(presentation.tags().format());
      assertThat(request.tags().encryption()).isEqualTo(presentation.encryption());
      assertThat(request.tags().systems()).isEqualTo(presentation.tags().systems());
      var track = find(presentation, request.track(), request.bitrate());
      var asked = new Presentation(presentation.tracks(), request.tags());
      var media = ParsedPlaylist.parse(new String(new MediaPlaylist().render(asked, track), UTF_8));
      assertThat(media.has("EXT-X-I-FRAMES-ONLY")).isEqualTo(request.tags().keyframes());
      String folder = ISM + uri.substring(0, uri.indexOf('/') + 1);
      for (int i = 0; i < media.uris().size(); i++) {
        var segment =
            (OriginRequest.MediaSegment)
                UrlGrammar.parse(folder + media.uris().get(i), Bytes.copyOf());
        assertThat(segment.time()).isEqualTo(track.track().fragments().startTicks(i));
        assertThat(segment.bitrate()).isEqualTo(request.bitrate());
        assertThat(segment.track()).isEqualTo(request.track());
        assertThat(segment.tags().keyframes()).isEqualTo(request.tags().keyframes());
        assertThat(segment.tags().encryption()).isEqualTo(presentation.encryption());
        assertThat(segment.tags().audioTrack()).isEqualTo(request.tags().audioTrack());
      }
      for (var map : media.all("EXT-X-MAP")) {
        var init =
            (OriginRequest.InitSegment) UrlGrammar.parse(folder + map.get("URI"), Bytes.copyOf());
        assertThat(init.track()).isEqualTo(request.track());
        assertThat(init.tags().encryption()).isEqualTo(presentation.encryption());
      }
    }
  }

  private static Set<String> names() {
    return HlsPresentations.all().keySet();
  }

  private static Presentation presentation(String name) {
    return Objects.requireNonNull(HlsPresentations.all().get(name), name);
  }

  private static Map<String, ParsedPlaylist> parsed(String name) {
    var all = new LinkedHashMap<String, ParsedPlaylist>();
    HlsPresentations.playlists(presentation(name))
        .forEach((file, text) -> all.put(file, ParsedPlaylist.parse(text)));
    return all;
  }

  private static ParsedPlaylist multivariant(String name) {
    return Objects.requireNonNull(parsed(name).get("multivariant"), name);
  }

  private static Map<String, ParsedPlaylist> media(String name) {
    var all = parsed(name);
    all.remove("multivariant");
    return all;
  }

  private static List<ParsedPlaylist.Tag> keys(ParsedPlaylist playlist) {
    var keys = new ArrayList<>(playlist.all("EXT-X-KEY"));
    keys.addAll(playlist.all("EXT-X-SESSION-KEY"));
    return keys;
  }

  private static List<ParsedPlaylist.Tag> group(ParsedPlaylist playlist, String id) {
    return playlist.all("EXT-X-MEDIA").stream()
        .filter(member -> member.get("GROUP-ID").equals(id))
        .toList();
  }

  private static String codec(Presentation presentation, String uri) {
    var request = (OriginRequest.MediaPlaylist) UrlGrammar.parse(ISM + uri, Bytes.copyOf());
    var track = find(presentation, request.track(), request.bitrate()).track();
    return track.codec().codecString(track.fourCc());
  }

  private static PresentedTrack find(Presentation presentation, String name, long bitrate) {
    return presentation.tracks().stream()
        .filter(p -> p.track().bitrate() == bitrate && p.track().name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
