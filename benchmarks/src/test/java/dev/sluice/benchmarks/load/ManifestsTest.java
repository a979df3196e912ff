package dev.sluice.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The readers, against manifests as the server writes them, and such as others do. */
final class ManifestsTest {
  private static final URI BASE = URI.create("http://origin.example:8080/a/demo.ism/manifest(x=y)");
  private static final String MEDIA = "http://origin.example:8080/a/demo.ism/";
  private static final String KEYS = "http://origin.example:8080/keys/";
  private static final String KID_1 = "0zAAAFHOQACAAAAAAAAAAQ";

  @Test
  void readsDashWithTimelines() throws Exception {
    var presentation = presentation("cenc.mpd");

    assertThat(presentation.live()).isFalse();
    assertThat(presentation.video())
        .extracting(Manifest.Rendition::bitrate)
        .containsExactly(120_000L, 250_000L, 450_000L);
    assertThat(presentation.audio())
        .extracting(Manifest.Rendition::name)
        .containsExactly("audio-64000", "audio-64001");
    var video = presentation.video().get(1).segments();
    assertThat(video.count()).isEqualTo(15);
    var last = video.at(14);
    assertThat(last.uri())
        .hasToString(
            MEDIA
                + "QualityLevels(250000)/Fragments(video=358400,format=mpd-time-csf,encryption=cenc)");
    assertThat(last.durationNanos()).isEqualTo(2_000_000_000L);
    assertThat(last.isMp4()).isTrue();
    assertThat(last.envelope()).isEmpty();
    assertThat(last.init().orElseThrow().uri())
        .hasToString(
            MEDIA + "QualityLevels(250000)/Fragments(video=i,format=mpd-time-csf,encryption=cenc)");
    assertThat(last.keys())
        .containsExactly(
            new KeyAsk.ClearKey(
                Optional.of(
                    URI.create(KEYS + "ClearKey/?kid=d3300000-51ce-4000-8000-000000000001")),
                KID_1));
    var audio = presentation.audio().getFirst().segments();
    assertThat(audio.count()).isEqualTo(15);
    assertThat(audio.at(14).durationNanos()).isEqualTo(93_440L * 1_000_000_000 / 48_000);
  }

  @Test
  void readsSegmentEncryptionOfDash() throws Exception {
    var segment = presentation("sea.mpd").video().getFirst().segments().at(0);

    var key = URI.create(KEYS + "?kid=d3300000-51ce-4000-8000-000000000004");
    assertThat(segment.keys()).containsExactly(new KeyAsk.Raw(key));
    assertThat(segment.envelope())
        .contains(new Envelope(key, 0x861FFF8BDE318E19L, 0x7A2867AAD97C7637L));
  }

  @Test
  void readsDashWithNumbersBaseUrlsAndPeriods() throws Exception {
    var mpd =
        """
        <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" mediaPresentationDuration="PT25S">
          <BaseURL>/cdn/</BaseURL>
          <Period start="PT0S">
            <AdaptationSet mimeType="video/mp4">
              <SegmentTemplate timescale="1000" duration="4000" startNumber="7" media="$RepresentationID$/$Number%05d$.m4s" initialization="$RepresentationID$/$$i.mp4"/>
              <Representation id="v1" bandwidth="5"><BaseURL>p1/</BaseURL></Representation>
            </AdaptationSet>
          </Period>
          <Period start="PT10S">
            <AdaptationSet mimeType="video/mp4">
              <SegmentTemplate timescale="1000" media="$Bandwidth$-$Time$.m4s">
                <SegmentTimeline><S t="100" d="4000" r="-1"/><S t="8100" d="3000" r="-1"/></SegmentTimeline>
              </SegmentTemplate>
              <Representation id="v1" bandwidth="5"/>
            </AdaptationSet>
          </Period>
        </MPD>
        """;
    var segments = ((Manifest.Presentation) parse(mpd)).video().getFirst().segments();

    // 10 s of 4 s each; then 8 s of 4 s, and 3 s each to the period's end at 15 s.
    assertThat(segments.count()).isEqualTo(3 + 2 + 3);
    assertThat(segments.at(2).uri()).hasToString("http://origin.example:8080/cdn/p1/v1/00009.m4s");
    assertThat(segments.at(0).init().orElseThrow().uri())
        .hasToString("http://origin.example:8080/cdn/p1/v1/$i.mp4");
    assertThat(segments.at(3).uri()).hasToString("http://origin.example:8080/cdn/5-100.m4s");
    assertThat(segments.at(7).uri()).hasToString("http://origin.example:8080/cdn/5-14100.m4s");
    for (int i = 1; i < segments.count(); i++) {
      assertThat(segments.at(i).position()).isGreaterThan(segments.at(i - 1).position());
    }
  }

  @Test
  void readsMultivariantPlaylists() throws Exception {
    var playlist = (Manifest.Multivariant) read("cbcs.m3u8");

    assertThat(playlist.variants())
        .extracting(Manifest.Variant::bandwidth)
        .containsExactly(211_551L, 403_263L, 660_259L);
    assertThat(playlist.variants().getFirst().audioGroup()).contains("audio");
    assertThat(playlist.variants().getFirst().playlist())
        .hasToString(
            MEDIA + "QualityLevels(120000)/Manifest(video,format=m3u8-cmaf,encryption=cbcs).m3u8");
    assertThat(playlist.audio()).hasSize(2).allMatch(a -> a.group().equals("audio"));
    assertThat(((Manifest.Multivariant) read("muxed.m3u8")).variants())
        .hasSize(3)
        .allMatch(v -> v.audioGroup().isEmpty());
  }

  @Test
  void readsMediaPlaylistsOfMp4() throws Exception {
    var playlist = (Manifest.Playlist) read("cbcs-video.m3u8");

    assertThat(playlist.live()).isFalse();
    assertThat(playlist.segments().count()).isEqualTo(15);
    var segment = playlist.segments().at(1);
    assertThat(segment.uri())
        .hasToString(MEDIA + "Fragments(video=25600,format=m3u8-cmaf,encryption=cbcs).m4s");
    assertThat(segment.durationNanos()).isEqualTo(2_000_000_000L);
    assertThat(segment.init()).isPresent();
    assertThat(segment.isMp4()).isTrue();
    assertThat(segment.envelope()).as("SAMPLE-AES is no envelope").isEmpty();
    assertThat(segment.keys())
        .containsExactly(
            new KeyAsk.Raw(URI.create(KEYS + "?kid=d3300000-51ce-4000-8000-000000000002")));
  }

  @Test
  void readsMediaPlaylistsOfTransportStreams() throws Exception {
    var segment = ((Manifest.Playlist) read("aes-video.m3u8")).segments().at(0);

    assertThat(segment.init()).isEmpty();
    assertThat(segment.isMp4()).isFalse();
    assertThat(segment.envelope().orElseThrow().iv())
        .asHexString()
        .isEqualToIgnoringCase("861fff8bde318e197a2867aad97c7637");
  }

  @Test
  void readsRangesKeysAndGapsOfPlaylists() throws Exception {
    var playlist =
        (Manifest.Playlist)
            parse(
                """
                #EXTM3U
                #EXT-X-TARGETDURATION:4
                #EXT-X-MEDIA-SEQUENCE:41
                #EXT-X-MAP:URI="all.mp4",BYTERANGE="700@0"
                #EXT-X-KEY:METHOD=AES-128,URI="k1?token=t"
                #EXTINF:4,
                #EXT-X-BYTERANGE:1000@700
                all.mp4
                #EXTINF:3.5,title
                #EXT-X-BYTERANGE:500
                all.mp4
                #EXT-X-GAP
                #EXTINF:4,
                gone.mp4
                #EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://x",KEYFORMAT="com.apple.streamingkeydelivery"
                #EXT-X-KEY:METHOD=SAMPLE-AES,URI="data:text/plain;base64,0zAAAFHOQACAAAAAAAAAAQ==",KEYFORMAT="org.w3.clearkey"
                #EXTINF:4,
                a b.mp4
                #EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://x",KEYFORMAT="com.apple.streamingkeydelivery"
                #EXTINF:4,
                c.mp4
                #EXT-X-KEY:METHOD=NONE
                #EXTINF:4,
                d.mp4
                """);
    var segments = playlist.segments();

    assertThat(playlist.live()).isTrue();
    assertThat(segments.count()).isEqualTo(5);
    assertThat(segments.at(0).range()).contains(new ByteRange(700, 1000));
    assertThat(segments.at(0).init().orElseThrow().range()).contains(new ByteRange(0, 700));
    assertThat(segments.at(0).envelope().orElseThrow())
        .isEqualTo(new Envelope(URI.create(MEDIA + "k1?token=t"), 0, 41));
    assertThat(segments.at(1).range()).contains(new ByteRange(1700, 500));
    assertThat(segments.at(1).envelope().orElseThrow().ivLow()).isEqualTo(42);
    assertThat(segments.at(2).position()).isEqualTo(44);
    assertThat(segments.at(2).uri()).hasToString(MEDIA + "a%20b.mp4");
    assertThat(segments.at(2).keys()).containsExactly(new KeyAsk.ClearKey(Optional.empty(), KID_1));
    assertThat(segments.at(3).keys())
        .containsExactly(new KeyAsk.Unsupported("com.apple.streamingkeydelivery"));
    assertThat(segments.at(4).keys()).isEmpty();
  }

  @Test
  void readsSmoothManifests() throws Exception {
    var presentation = presentation("cenc.ismc");

    assertThat(presentation.video()).hasSize(3);
    assertThat(presentation.audio()).hasSize(2);
    var video = presentation.video().getFirst().segments();
    assertThat(video.count()).isEqualTo(15);
    assertThat(video.at(1).uri())
        .hasToString(MEDIA + "QualityLevels(120000)/Fragments(video=20000000,encryption=cenc)");
    assertThat(video.at(1).init()).isEmpty();
    assertThat(video.at(1).isMp4()).isTrue();
    assertThat(video.at(1).keys()).containsExactly(new KeyAsk.Unsupported("PlayReady"));
    var audio = presentation.audio().getFirst().segments();
    assertThat(audio.count()).isEqualTo(15);
    assertThat(audio.at(14).uri())
        .hasToString(MEDIA + "QualityLevels(64000)/Fragments(audio_eng=280746666,encryption=cenc)");
    assertThat(audio.at(14).durationNanos()).isEqualTo(1_946_666_700L);
  }

  @Test
  void readsSegmentEncryptionOfSmooth() throws Exception {
    var segment = presentation("sea.ismc").audio().getFirst().segments().at(0);

    assertThat(segment.envelope()).isPresent();
    assertThat(segment.keys()).hasSize(1).first().isInstanceOf(KeyAsk.Raw.class);
  }

  @Test
  void givesTheSameManifestForTheSameBytes() throws Exception {
    var reader = new ManifestReader();
    byte[] bytes = resource("cenc.mpd");

    var first = reader.read(bytes, BASE);

    assertThat(reader.read(bytes.clone(), BASE)).isSameAs(first);
    assertThat(reader.read(bytes, URI.create("http://other.example/manifest"))).isNotSameAs(first);
  }

  @Test
  void quotesManifestsShortlyAndWithoutControlCharacters() {
    String text = "\u001b[2J" + "x".repeat(5000);
    assertThatExceptionOfType(LoadFailure.class)
        .isThrownBy(() -> parse("#EXTM3U\n#EXTINF:" + text + ",\n"))
        .satisfies(
            failure -> assertThat(failure.detail()).hasSize(400).startsWith("EXTINF: ?[2Jxxx"));
  }

  @Test
  void keepsNoMoreManifestsThanItMay() throws Exception {
    var reader = new ManifestReader();
    byte[] bytes = resource("cenc.mpd");
    var first = reader.read(bytes, BASE);
    for (int i = 0; i < 128; i++) {
      reader.read(bytes, URI.create("http://other.example/" + i));
    }

    assertThat(reader.read(bytes, BASE)).isNotSameAs(first);
  }

  @Test
  void refusesDocumentTypes() {
    assertThatExceptionOfType(LoadFailure.class)
        .isThrownBy(() ->
            parse("<!DOCTYPE MPD [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><MPD>&x;</MPD>"))
        .withMessageStartingWith("XML: DOCTYPE is disallowed");
  }

  @Test
  void refusesWhatItCannotPlay() {
    refused("<html/>", "root element: html (expected: MPD, SmoothStreamingMedia, or a playlist)");
    refused("#EXTM3U\n#EXT-X-ENDLIST\n", "playlist: no variant and no segment (expected: some)");
    refused("#EXTM3U\nx.ts\n", "segment: no EXTINF before it (expected: its duration)");
    refused("#EXTM3U\n#EXTINF:x,\n", "EXTINF: x, (expected: seconds below a day)");
    refused(
        "#EXTM3U\n#EXTINF:1,\n#EXT-X-BYTERANGE:9\nx.ts\n", "BYTERANGE: no offset (expected: one)");
    refused("#EXTM3U\n#EXTINF:1,\nfile:///etc/x\n", "URL: scheme file (expected: http or https)");
    refused("<MPD/>", "MPD: no video and no audio (expected: one of them)");
    refused(timeline("<S d=\"0\"/>"), "S/@d: 0 (expected: a whole number >= 1)");
    refused(
        timeline("<S d=\"1\" r=\"2000000000\"/>"),
        "timeline: too long (expected: <= 1500000 segments)");
    refused(
        timeline("<S d=\"1\" r=\"999999\"/><S d=\"1\" r=\"999999\"/>"),
        "timeline: too long (expected: <= 1500000 segments)");
    refused(
        "<SmoothStreamingMedia><StreamIndex Type=\"video\"><c d=\"1\"/></StreamIndex></SmoothStreamingMedia>",
        "StreamIndex/@Url: absent");
  }

  private static String timeline(String runs) {
    return """
    <MPD><Period><AdaptationSet contentType="video"><SegmentTemplate media="$Time$">
    <SegmentTimeline>%s</SegmentTimeline></SegmentTemplate>
    <Representation id="1"/></AdaptationSet></Period></MPD>
    """
        .formatted(runs);
  }

  private static void refused(String manifest, String message) {
    assertThatExceptionOfType(LoadFailure.class)
        .isThrownBy(() -> parse(manifest))
        .withMessage(message);
  }

  private static Manifest.Presentation presentation(String name) throws IOException {
    return (Manifest.Presentation) read(name);
  }

  private static Manifest read(String name) throws IOException {
    return ManifestReader.parse(resource(name), BASE);
  }

  private static Manifest parse(String document) throws LoadFailure {
    return ManifestReader.parse(document.getBytes(StandardCharsets.UTF_8), BASE);
  }

  private static byte[] resource(String name) throws IOException {
    try (var in = ManifestsTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }
}
