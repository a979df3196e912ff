package dev.sluice.origin.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.route.StreamTags.Encryption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlGrammarTest {
  private static final String ISM = "/90000000-0000-0000-0000-00000000000a/bear.ism/";

  private static OriginRequest parse(String target) {
    return UrlGrammar.parse(target, Bytes.copyOf());
  }

  @Test
  void readsManifestTagsInAnyOrderAndCase() {
    var parsed =
        (OriginRequest.Manifest)
            parse(ISM + "Manifest(ENCRYPTION=CBCS-aapl,Format=M3U8-cmaf).m3u8");
    assertThat(parsed.manifestName()).isEqualTo("bear.ism");
    assertThat(parsed.tags().format()).isEqualTo(Format.HLS_CMAF);
    assertThat(parsed.tags().encryption()).contains(Encryption.CBCS_AAPL);
    assertThat(parse(ISM + "manifest")).isInstanceOf(OriginRequest.Manifest.class);
  }

  @Test
  void readsEncodedPunctuationAndSpacesInNames() {
    var parsed =
        (OriginRequest.MediaSegment)
            parse(
                "/bear/Liner%20Algebra.ism/QualityLevels%28128041%29/"
                    + "Fragments%28aac_eng%3D42%2Cformat%3Dmpd-time-csf%29?x=y");
    assertThat(parsed.manifestName()).isEqualTo("Liner Algebra.ism");
    assertThat(parsed.bitrate()).isEqualTo(128041);
    assertThat(parsed.time()).isEqualTo(42);
    assertThat(parsed.track()).isEqualTo("aac_eng");
  }

  @Test
  void readsInitSegmentsKeysVideosPlayerAndDownloads() {
    assertThat(parse(ISM + "qualitylevels(1)/fragments(video=I,format=mpd-time-cmaf).mp4"))
        .isInstanceOf(OriginRequest.InitSegment.class);
    var keyId = KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0");
    for (String target :
        List.of(
            "/keys/?kid=" + keyId.orElseThrow(),
            "/keys/?kid=" + keyId.orElseThrow().toString().replace("-", ""),
            "/keys?a=b&KID=" + keyId.orElseThrow())) {
      assertThat(parse(target))
          .isEqualTo(
              new OriginRequest.KeyDelivery(
                  OriginRequest.KeyService.BASELINE_HTTP, keyId, Bytes.copyOf()));
    }
    assertThat(((OriginRequest.KeyDelivery) parse("/keys/ClearKey/")).service())
        .isEqualTo(OriginRequest.KeyService.CLEAR_KEY);
    assertThat(parse("/videos")).isEqualTo(new OriginRequest.Videos(Optional.empty()));
    assertThat(parse("/videos/bear")).isEqualTo(new OriginRequest.Videos(Optional.of("bear")));
    assertThat(parse("/player/")).isEqualTo(new OriginRequest.Player("index.html"));
    assertThat(parse("/player/a.js")).isEqualTo(new OriginRequest.Player("a.js"));
    assertThat(parse("/bear/bear.mp4")).isEqualTo(new OriginRequest.Download("bear", "bear.mp4"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../etc/passwd",
        "/a/..",
        "/a/.",
        "/a//b",
        "//a/b",
        "/a/%2e%2e",
        "/a/%2E./x",
        "/a/..%2fb",
        "/a/b%2Fc",
        "/a/b%5cc",
        "/a/b\\c",
        "/a/%252e%252e",
        "/a/%25",
        "/a/%00",
        "/a/%0a",
        "/a/%7f",
        "/a/%c0%ae%c0%ae",
        "/a/%ef%bc%8f",
        "/a/%ef%bc%8e%ef%bc%8e",
        "/a/%e2%88%95x",
        "/a/%e2%80%ae",
        "/a/%zz",
        "/a/%2",
        "/a/e%cc%81",
        "a/b",
        "file:///etc/passwd",
        "/a/b#c",
        "/bear/bear.ism/manifest()",
        "/bear/bear.ism/manifest(format=mpd-time-csf,format=mpd-time-csf)",
        "/bear/bear.ism/manifest(format=webm)",
        "/bear/bear.ism/manifest(format=)",
        "/bear/bear.ism/manifest(quality=1)",
        "/bear/bear.ism/manifest(filter=a;;b)",
        "/bear/bear.ism/QualityLevels(1)/Fragments(video)",
        "/bear/bear.ism/QualityLevels(1)/Fragments(video=-1)",
        "/bear/bear.ism/QualityLevels(1)/Fragments(video=9223372036854775808)",
        "/bear/bear.ism/QualityLevels(1)/Fragments(=1)",
        "/bear/bear.ism/QualityLevels(x)/Manifest(video)",
        "/bear/bear.ism/QualityLevels(1)/Manifest(video,system=nagra)",
        "/keys/?kid=1",
        "/k%65ys/",
        "/%6beys"
      })
  void refusesWhatCouldMeanSomethingElse(String target) {
    assertThatThrownBy(() -> parse(target))
        .isInstanceOfSatisfying(
            CallerFailure.class,
            failure -> assertThat(failure.code()).isEqualTo(FailureCode.MPE_BAD_URL_SYNTAX));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/bear",
        "/bear/",
        "/bear/bear.ism/manifests",
        "/bear/bear.ism/",
        "/keys/x/",
        "/a/b/c/d/e",
        "/b%C3%A9ar/x.mp4",
        "/player/a/b",
        "/C:/x.mp4"
      })
  void findsNothingElsewhere(String target) {
    assertThatThrownBy(() -> parse(target))
        .isInstanceOfSatisfying(
            CallerFailure.class,
            failure -> assertThat(failure.code()).isEqualTo(FailureCode.MPE_RESOURCE_NOT_FOUND));
  }

  @Test
  void namesWhatItWouldHaveAccepted() {
    assertThatThrownBy(() -> parse(ISM + "manifest(format=webm)"))
        .hasMessage(
            "format: webm (expected: fmp4-v20, m3u8-aapl, m3u8-aapl-v4, m3u8-aapl-v3, m3u8-cmaf,"
                + " mpd-time-csf, mpd-time-cmaf)");
    assertThatThrownBy(() -> parse(ISM + "manifest(qua<b>=1)"))
        .hasMessage("tag: qua?b? (expected: a known tag)");
  }

  @Test
  void writesTagsInTheOrderThatCachesKnow() {
    var tags =
        new StreamTags(
            Format.HLS_CMAF,
            Optional.empty(),
            List.of("a", "b"),
            Optional.of("en"),
            true,
            false,
            List.of("widevine"));
    assertThat(
            ChildUrls.levelFragment(
                "$Bandwidth$",
                "video",
                "$Time$",
                false,
                tags,
                Optional.of(Encryption.CENC),
                ".m4s"))
        .isEqualTo(
            "QualityLevels($Bandwidth$)/Fragments(video=$Time$,format=m3u8-cmaf,"
                + "audiotrack=en,encryption=cenc).m4s");
    assertThat(ChildUrls.mediaPlaylist(5, "a(b", true, tags, Optional.empty(), ".m3u8"))
        .isEqualTo(
            "QualityLevels(5)/Manifest(a%28b,format=m3u8-cmaf,type=keyframes,filter=a;b,"
                + "audiotrack=en,system=widevine).m3u8");
  }

  @Test
  void readsBackWhatItWrites() {
    var random = new Random(20260101);
    for (int round = 0; round < 2_000; round++) {
      StreamTags tags = randomTags(random);
      String track = "t" + random.nextInt(1000) + (random.nextBoolean() ? " é_-~" : "");
      long time = random.nextLong(Long.MAX_VALUE);
      long bitrate = random.nextLong(Long.MAX_VALUE);
      assertThat(
              parse(
                  ISM
                      + ChildUrls.levelFragment(
                          "" + bitrate, track, "" + time, false, tags, tags.encryption(), ".m4s")))
          .isEqualTo(
              new OriginRequest.MediaSegment(
                  "90000000-0000-0000-0000-00000000000a",
                  "bear.ism",
                  bitrate,
                  track,
                  time,
                  new StreamTags(
                      tags.format(),
                      tags.encryption(),
                      // Only there do they decide what is in a segment.
                      tags.format() == Format.HLS_TS_V3 ? tags.filters() : List.of(),
                      tags.audioTrack(),
                      false,
                      false,
                      List.of())));
      var manifest =
          (OriginRequest.Manifest) parse(ISM + ChildUrls.manifest(tags, tags.encryption(), ".mpd"));
      assertThat(manifest.tags()).isEqualTo(tags);
    }
  }

  private static StreamTags randomTags(Random random) {
    var systems = new ArrayList<>(List.of("fairplay", "widevine", "identity"));
    Collections.shuffle(systems, random);
    return new StreamTags(
        List.of(Format.values()).get(random.nextInt(Format.values().length)),
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(
                List.of(Encryption.values()).get(random.nextInt(Encryption.values().length))),
        random.nextBoolean() ? List.of() : List.of("f1", "f.2_x"),
        random.nextBoolean() ? Optional.empty() : Optional.of("aac_UND 2"),
        random.nextBoolean(),
        false,
        systems.subList(0, random.nextInt(3)));
  }
}
