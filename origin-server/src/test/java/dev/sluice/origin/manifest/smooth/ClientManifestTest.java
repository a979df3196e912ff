package dev.sluice.origin.manifest.smooth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.drm.ContentProtection;
import dev.sluice.origin.drm.Protection;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.manifest.SwitchingSet;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.route.StreamTags.Encryption;
import dev.sluice.origin.route.UrlGrammar;
import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.Track;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class ClientManifestTest {
  private static final FragmentIndex TIMES = SmoothTracks.fragments(0, 90, 90);
  private static final Track VIDEO = SmoothTracks.video("video", 100, 640, 360, 4, TIMES);

  @ParameterizedTest
  @EnumSource
  void countsWhatItLists(Manifests kept) throws Exception {
    for (Element stream : all(parse(kept.presentation()), "StreamIndex")) {
      assertThat(stream.getAttribute("QualityLevels"))
          .isEqualTo(Integer.toString(all(stream, "QualityLevel").size()));
      assertThat(stream.getAttribute("Chunks")).isEqualTo(Integer.toString(starts(stream).size()));
      assertThat(all(stream, "QualityLevel"))
          .extracting(level -> level.getAttribute("Index"))
          .containsExactlyElementsOf(
              LongStream.range(0, all(stream, "QualityLevel").size())
                  .mapToObj(Long::toString)
                  .toList());
    }
  }

  @ParameterizedTest
  @EnumSource
  void namesEachFragmentByItsStart(Manifests kept) throws Exception {
    var presentation = kept.presentation();
    var sets = SwitchingSet.group(presentation.tracks());
    var streams = all(parse(presentation), "StreamIndex");

    assertThat(streams).hasSameSizeAs(sets);
    for (int i = 0; i < sets.size(); i++) {
      Track first = sets.get(i).first();
      assertThat(starts(streams.get(i)))
          .containsExactlyElementsOf(
              LongStream.range(0, first.fragments().count())
                  .mapToObj(f -> hundredNanos(first, first.fragments().startTicks((int) f)))
                  .toList());
      assertThat(streams.get(i).getAttribute("TimeScale")).isEqualTo("10000000");
    }
  }

  private static long hundredNanos(Track track, long ticks) {
    return BigInteger.valueOf(ticks)
        .multiply(BigInteger.valueOf(10_000_000))
        .divide(BigInteger.valueOf(track.timescale()))
        .longValueExact();
  }

  @ParameterizedTest
  @EnumSource
  void writesUrlsThatAskForTheSame(Manifests kept) throws Exception {
    var presentation = kept.presentation();
    for (Element stream : all(parse(presentation), "StreamIndex")) {
      String url =
          stream.getAttribute("Url").replace("{bitrate}", "640000").replace("{start time}", "77");
      var request = UrlGrammar.parse("/asset/a.ism/" + url.replace(" ", "%20"), Bytes.copyOf());

      assertThat(request).isInstanceOf(OriginRequest.MediaSegment.class);
      var segment = (OriginRequest.MediaSegment) request;
      assertThat(segment.bitrate()).isEqualTo(640_000);
      assertThat(segment.time()).isEqualTo(77);
      assertThat(segment.tags().format()).isEqualTo(presentation.tags().format());
      assertThat(segment.tags().encryption()).isEqualTo(presentation.encryption());
      assertThat(presentation.tracks()).anyMatch(p -> p.track().name().equals(segment.track()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void namesNoTwoStreamsAlike(Manifests kept) throws Exception {
    assertThat(all(parse(kept.presentation()), "StreamIndex"))
        .extracting(stream -> stream.getAttribute("Name"))
        .doesNotHaveDuplicates();
  }

  @Test
  void numbersStreamsPastNamesThatTracksHave() throws Exception {
    var manifest =
        parse(
            clear(
                video("v", 1, SmoothTracks.fragments(0, 1)),
                video("v", 2, SmoothTracks.fragments(0, 2)),
                video("v-2", 3, SmoothTracks.fragments(0, 3)),
                video("v", 4, SmoothTracks.fragments(0, 4))));

    assertThat(all(manifest, "StreamIndex"))
        .extracting(stream -> stream.getAttribute("Name"))
        .containsExactly("v", "v-3", "v-2", "v-4");
  }

  @Test
  void countsEveryFragmentOfARunInItsRepeats() throws Exception {
    var track = video("video", 100, SmoothTracks.fragments(63, 45, 45, 45, 54, 45, 45));

    assertThat(chunks(parse(clear(track))))
        .containsExactly("t=7000 d=5000 r=3", "d=6000", "d=5000 r=2");
  }

  @Test
  void repeatsNothingInVersion20() throws Exception {
    var track = video("video", 100, SmoothTracks.fragments(63, 45, 45, 54));
    var manifest = parse(of(Format.SMOOTH_20, track));

    assertThat(chunks(manifest)).containsExactly("t=7000 d=5000", "d=5000", "d=6000");
    assertThat(manifest.getAttribute("MinorVersion")).isEqualTo("0");
  }

  @Test
  void statesTheTimeBehindAGapAndOfAnOverlap() throws Exception {
    var gap = video("video", 1, SmoothTracks.fragments(new long[] {0, 90, 225}, 90, 90, 90));
    var overlap = video("video", 2, SmoothTracks.fragments(new long[] {0, 90}, 99, 90));

    assertThat(chunks(parse(clear(gap)))).containsExactly("t=0 d=10000 r=2", "t=25000 d=10000");
    assertThat(chunks(parse(clear(overlap)))).containsExactly("t=0 d=11000", "t=10000 d=10000");
  }

  @Test
  void lastsFromTheEarliestStartToTheLatestEndRoundedUp() throws Exception {
    var video = video("video", 1, SmoothTracks.fragments(180_000, 90_000));
    var audio =
        SmoothTracks.audio(
            "audio",
            1,
            "en",
            "1190",
            new AacConfig(2, 48_000, 2),
            SmoothTracks.fragments(48_001, 1));

    // From 48001/48000 s to 3 s: 1.99997916666... s.
    assertThat(parse(clear(video, audio)).getAttribute("Duration")).isEqualTo("19999792");
  }

  @Test
  void holdsThePlayReadyObjectOfTheKey() throws Exception {
    var headers = all(parse(Manifests.PLAY_READY.presentation()), "ProtectionHeader");

    assertThat(headers).hasSize(1);
    assertThat(headers.getFirst().getAttribute("SystemID"))
        .isEqualToIgnoringCase("9a04f079-9840-4286-ab92-e65be0885f95");
    // Base64 alone: the decoder refuses white space.
    byte[] object = Base64.getDecoder().decode(headers.getFirst().getTextContent());
    var in = ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(in.getInt()).isEqualTo(object.length);
    assertThat(in.getShort()).isEqualTo((short) 1);
    assertThat(in.getShort()).isEqualTo((short) 1);
    assertThat(in.getShort()).isEqualTo((short) (object.length - 10));
    String header = new String(object, 10, object.length - 10, StandardCharsets.UTF_16LE);
    // As clients find it.
    int at = header.indexOf("<KID>") + "<KID>".length();
    byte[] kid = Base64.getDecoder().decode(header.substring(at, header.indexOf("</KID>")));
    assertThat(kid).isEqualTo(Manifests.KEY.guidBytes());
  }

  @Test
  void describesEnvelopeEncryptionInXml() throws Exception {
    var manifest = parse(Manifests.ENVELOPE.presentation());
    var headers = all(manifest, "ProtectionHeader");

    assertThat(headers).hasSize(1);
    assertThat(headers.getFirst().getAttribute("SystemID"))
        .isEqualTo("B47B251A-2409-4B42-958E-08DBAE7B4EE9");
    NodeList periods =
        headers.getFirst().getElementsByTagNameNS("urn:mpeg:dash:schema:sea:2012", "CryptoPeriod");
    assertThat(periods.getLength()).isEqualTo(1);
    var period = (Element) periods.item(0);
    assertThat(period.getAttribute("IV")).isEqualTo("0xD7D7D7D7D7D7D7D7D7D7D7D7D7D7D701");
    assertThat(period.getAttribute("keyUriTemplate")).isEqualTo(Manifests.ENVELOPE_KEY.keyUrl());
  }

  @Test
  void saysNothingOfProtectionWhereThereIsNone() {
    assertThat(render(Manifests.CLEAR.presentation()))
        .doesNotContain("Protection")
        .doesNotContain("encryption=");
  }

  @Test
  void describesTheKeyOfTheTracksThatHaveOne() throws Exception {
    var audio = SmoothTracks.audio("a", 1, "en", "1190", new AacConfig(2, 48_000, 2), TIMES);
    var presentation =
        Manifests.of(
            Format.SMOOTH,
            Optional.empty(),
            List.of(unprotected(VIDEO), with(audio, Manifests.KEY)));

    assertThat(all(parse(presentation), "ProtectionHeader")).hasSize(1);
  }

  @Test
  void refusesTracksOfDifferentKeys() {
    var audio =
        SmoothTracks.audio("audio_eng", 9, "en", "1190", new AacConfig(2, 48_000, 2), TIMES);
    var other = video("video", 200, TIMES);
    var presentation =
        Manifests.of(
            Format.SMOOTH,
            Optional.of(Encryption.CENC),
            List.of(
                with(VIDEO, Manifests.KEY),
                with(other, Manifests.KEY),
                with(audio, Manifests.OTHER_KEY)));

    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> render(presentation))
        .withMessage(
            "keys: 2, of video (100), audio_eng (9) (expected: 1 for all tracks of a Smooth"
                + " presentation)")
        .satisfies(failure -> {
          assertThat(failure.code()).isEqualTo(FailureCode.MPE_ENC_ENCRYPTION_NOT_SUPPORTED);
          assertThat(failure.code().status()).isEqualTo(415);
        });
  }

  @Test
  void takesNoCommonEncryptionWithoutPlayReady() {
    var protection = new ContentProtection(Scheme.CENC, Manifests.KEY, Optional.empty(), List.of());
    var presentation =
        Manifests.of(
            Format.SMOOTH,
            Optional.empty(),
            List.of(new PresentedTrack(VIDEO, Optional.of(protection))));

    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> render(presentation));
  }

  @Test
  void refusesVideoWhoseParameterSetsStandInItsSamples() {
    var codec = new AvcConfig(0x64, 0, 0x1e, 4, List.of(), List.of());
    var track = SmoothTracks.video("video", 100, 640, 360, codec, TIMES);

    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> render(clear(track)))
        .withMessage(
            "parameter sets: none (expected: SPS and PPS, which the client manifest states)"
                + " at avcC");
  }

  @Test
  void refusesTimesThatPlayersCannotCount() {
    var late = video("video", 100, SmoothTracks.fragments(81_064_793_292_669L - 90, 90));

    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> render(clear(late)))
        .withMessage(
            "end of track: 9007199254741000"
                + " (expected: <= 2^53 - 1 ticks, which players count exactly)");
    var lastThatIsTaken = video("video", 100, SmoothTracks.fragments(81_064_793_292_668L - 90, 90));
    assertThat(render(clear(lastThatIsTaken))).contains("t=\"9007199254730888\"");
  }

  @Test
  void takesNoFormatOfAnotherProtocol() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> render(of(Format.DASH_CSF, VIDEO)))
        .withMessage("format: DASH_CSF (expected: one of Smooth)");
  }

  private static Track video(String name, long bitrate, FragmentIndex fragments) {
    return SmoothTracks.video(name, bitrate, 640, 360, 4, fragments);
  }

  private static Presentation clear(Track... tracks) {
    return of(Format.SMOOTH, tracks);
  }

  private static Presentation of(Format format, Track... tracks) {
    return Manifests.of(format, Optional.<Protection>empty(), Optional.empty(), tracks);
  }

  private static PresentedTrack unprotected(Track track) {
    return new PresentedTrack(track, Optional.empty());
  }

  private static PresentedTrack with(Track track, KeyId keyId) {
    return new PresentedTrack(track, Optional.of(Manifests.playReady(keyId)));
  }

  private static String render(Presentation presentation) {
    return new String(new ClientManifest().render(presentation), StandardCharsets.UTF_8);
  }

  private static Element parse(Presentation presentation) throws Exception {
    var factory = DocumentBuilderFactory.newDefaultNSInstance();
    return factory
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(new ClientManifest().render(presentation)))
        .getDocumentElement();
  }

  private static List<Element> all(Element in, String name) {
    NodeList nodes = in.getElementsByTagName(name);
    var elements = new ArrayList<Element>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static List<String> chunks(Element manifest) {
    return all(manifest, "c").stream()
        .map(c -> {
          var attributes = new StringBuilder();
          for (String name : new String[] {"t", "d", "r"}) {
            if (c.hasAttribute(name)) {
              attributes.append(name).append('=').append(c.getAttribute(name)).append(' ');
            }
          }
          return attributes.toString().strip();
        })
        .toList();
  }

  /** Every fragment's start, as [MS-SSTR] 2.2.2.6 has clients count them. */
  private static List<Long> starts(Element stream) {
    var starts = new ArrayList<Long>();
    long at = 0;
    for (Element c : all(stream, "c")) {
      at = c.hasAttribute("t") ? Long.parseLong(c.getAttribute("t")) : at;
      long count = c.hasAttribute("r") ? Long.parseLong(c.getAttribute("r")) : 1;
      for (long i = 0; i < count; i++) {
        starts.add(at);
        at += Long.parseLong(c.getAttribute("d"));
      }
    }
    return starts;
  }
}
