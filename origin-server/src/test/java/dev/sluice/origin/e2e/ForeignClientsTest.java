package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.oracle.Ffmpeg;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs that are not ours fetch every cell from a running server, with its manifest, keys and
 * segments, and have what is stored.
 */
final class ForeignClientsTest {
  static final String REFUSAL = "415 MPE_ENC_ENCRYPTION_NOT_SUPPORTED";
  private static final String FFMPEG = "FFmpeg";
  private static final String JDK = "AES of the JDK";
  private static final String AS_IN_DASH = "FFmpeg, as in DASH";
  private static final Path SHARED =
      Path.of(Optional.ofNullable(System.getenv("SLUICE_SHARED_MEDIA")).orElse(""));
  private static final Pattern KEY_URI = Pattern.compile("keyUriTemplate=\"([^\"]+)\"");
  private static final Pattern PLAY_READY_OBJECT =
      Pattern.compile("<ProtectionHeader SystemID=\"9A04F079[^>]*>([^<]+)<");
  private static final Pattern KID = Pattern.compile("<KID>([^<]+)</KID>");
  private static final HexFormat HEX = HexFormat.of();

  /** The UUID of PIFF's sample encryption box (PIFF 1.1, 5.3.2). */
  private static final byte[] PIFF_SENC = HEX.parseHex("a2394f525a9b4f14a2446c427c648df4");

  /** The hashes of the stored tracks, made once. */
  private static final Map<Track, List<String>> PACKETS = new HashMap<>();

  private static final Map<Track, List<String>> FRAMES = new HashMap<>();

  @TempDir private static Path folder;
  private static RunningServer server;
  private static Optional<RunningServer> sharedServer = Optional.empty();

  /**
   * A stored track.
   *
   * @param kind {@code v} or {@code a}
   * @param stream its number in the file, as FFmpeg counts
   * @param order of this track among those of its kind, by bitrate
   */
  record Track(Path file, int stream, String kind, int order) {}

  /** An asset, and the tracks that are stored in its container. */
  record Title(boolean shared, String asset, List<Track> tracks) {

    @Override
    public String toString() {
      return (shared ? "shared " : "") + asset;
    }

    private RunningServer server() {
      return shared ? sharedServer.orElseThrow() : server;
    }

    private Path video() {
      return tracks.getFirst().file();
    }
  }

  @BeforeAll
  static void serve() {
    server = serve(SourceTitles.root(), own());
    if (!SHARED.toString().isEmpty()) {
      sharedServer = Optional.of(serve(SHARED, shared()));
    }
  }

  @AfterAll
  static void stop() {
    server.close();
    sharedServer.ifPresent(RunningServer::close);
  }

  private static RunningServer serve(Path media, List<Title> titles) {
    Path data = folder.resolve(titles.getFirst().shared() ? "shared" : "own");
    CellDocuments.of(titles.stream().map(Title::asset).toArray(String[]::new)).applyTo(data);
    return RunningServer.start(
        List.of(),
        List.of(
            "serve",
            "--port",
            "0",
            "--tls-port",
            "-1",
            "--admin-port",
            "-1",
            "--media",
            media.toString(),
            "--data",
            data.toString()));
  }

  private static List<Title> own() {
    var titles = new ArrayList<Title>();
    for (String asset : List.of("sidx", "mfra", "bare")) {
      titles.add(own(asset, "video.mp4", "audio.mp4"));
    }
    titles.add(own("muxed", "av.mp4"));
    titles.add(own("ismv", "show.ismv"));
    return titles;
  }

  private static Title own(String asset, String... files) {
    Path container = SourceTitles.root().resolve(asset);
    Path audio = container.resolve(files[files.length - 1]);
    return new Title(
        false,
        asset,
        List.of(
            new Track(container.resolve(files[0]), 0, "v", 0),
            new Track(audio, files.length == 1 ? 1 : 0, "a", 0)));
  }

  private static List<Title> shared() {
    Path ismv = Path.of("ismv/show.ismv");
    return List.of(
        shared(
            "ladder",
            new Track(Path.of("ladder/frag_v360.mp4"), 0, "v", 0),
            new Track(Path.of("ladder/frag_v720.mp4"), 0, "v", 1),
            new Track(Path.of("ladder/frag_a128.mp4"), 0, "a", 0)),
        shared(
            "muxed",
            new Track(Path.of("muxed/av360.mp4"), 0, "v", 0),
            new Track(Path.of("muxed/av360.mp4"), 1, "a", 0)),
        shared(
            "ismv",
            new Track(ismv, 1, "v", 0),
            new Track(ismv, 0, "v", 1),
            new Track(ismv, 2, "a", 0)),
        shared(
            "ondemand",
            new Track(Path.of("ondemand/video_144p_108k_h264.mp4"), 0, "v", 0),
            new Track(Path.of("ondemand/audio_en_2c_128k_aac.mp4"), 0, "a", 0)));
  }

  private static Title shared(String asset, Track... tracks) {
    return new Title(
        true,
        asset,
        Stream.of(tracks)
            .map(t -> new Track(SHARED.resolve(t.file()), t.stream(), t.kind(), t.order()))
            .toList());
  }

  /** How many titles of ours are read. */
  static int ownTitles() {
    return own().size();
  }

  private static List<Title> titles() {
    return SHARED.toString().isEmpty()
        ? own()
        : Stream.concat(own().stream(), shared().stream()).toList();
  }

  /**
   * The cells that FFmpeg reads by itself. It has no segment encryption in DASH, no Smooth
   * Streaming, and decrypts samples in transport streams wrongly: even those of Shaka Packager.
   */
  static Stream<Cell> readByFfmpeg() {
    return Cell.all()
        .filter(cell -> !cell.isSmooth())
        .filter(cell -> !(cell.isDash() && cell.isEnvelope()))
        .filter(cell -> !(cell.isTransportStream() && cell.scheme() == Scheme.CBCS));
  }

  static Stream<Cell> envelopesOfOthers() {
    return Cell.all(Scheme.CBC).filter(cell -> !cell.isHls());
  }

  static Stream<Cell> smooth() {
    return Cell.all().filter(cell -> cell.isSmooth() && !cell.isEnvelope());
  }

  /** Cells that there are none of: transport streams have no cenc, and only Smooth has piff. */
  static Stream<Cell> refused() {
    return Stream.concat(
        Stream.of(new Cell("m3u8-aapl", "cenc"), new Cell("m3u8-aapl-v3", "cenc")),
        Stream.of("mpd-time-csf", "mpd-time-cmaf", "m3u8-cmaf", "m3u8-aapl", "m3u8-aapl-v3")
            .map(format -> new Cell(format, "piff")));
  }

  /** What the tests here show of each cell. */
  static Stream<Proof> proofs() {
    return Stream.of(
            readByFfmpeg().map(cell -> new Proof(cell, Proof.Kind.EXACT, FFMPEG)),
            envelopesOfOthers().map(cell -> new Proof(cell, Proof.Kind.EXACT, JDK)),
            smooth().map(cell -> new Proof(cell, Proof.Kind.EXACT, AS_IN_DASH)))
        .flatMap(proofs -> proofs);
  }

  static Stream<Arguments> readings() {
    return titles().stream()
        .flatMap(title -> readByFfmpeg().map(cell -> Arguments.of(title, cell)));
  }

  @ParameterizedTest
  @MethodSource("readings")
  void ffmpegHasTheSource(Title title, Cell cell) {
    var input = input(title, cell);
    for (var track : title.tracks()) {
      String stream = "0:%s:%d".formatted(track.kind(), place(title, cell, track));
      // A transport stream has the same pictures and sound, but other bytes in its packets.
      var expected = cell.isTransportStream() ? frames(track) : packets(track);
      var read =
          cell.isTransportStream()
              ? Ffmpeg.frameHashes(input, stream)
              : Ffmpeg.packetHashes(input, stream);
      assertThat(read).as(track.toString()).isEqualTo(expected).hasSizeGreaterThan(100);
    }
  }

  /** A track's place among those of its kind: by bitrate in HLS, as they are stored in an MPD. */
  private static int place(Title title, Cell cell, Track track) {
    if (cell.isHls() || track.kind().equals("a")) {
      return track.order();
    }
    var rates =
        Crawler.crawl(cell, title.asset(), title.server()::get).plays().stream()
            .filter(Crawler.Rendition::isVideo)
            .map(Crawler.Rendition::bandwidth)
            .toList();
    return rates.indexOf(rates.stream().sorted().toList().get(track.order()));
  }

  private static Ffmpeg.Input input(Title title, Cell cell) {
    var input = Ffmpeg.Input.url(title.server().httpBase() + cell.manifest(title.asset()));
    boolean needsKey = cell.isDash() && cell.scheme() != Scheme.CLEAR;
    return needsKey ? input.decryptedWith(CellDocuments.key(cell.scheme())) : input;
  }

  private static List<String> packets(Track track) {
    return PACKETS.computeIfAbsent(
        track, t -> Ffmpeg.packetHashes(Ffmpeg.Input.file(t.file()), "0:" + t.stream()));
  }

  private static List<String> frames(Track track) {
    return FRAMES.computeIfAbsent(
        track, t -> Ffmpeg.frameHashes(Ffmpeg.Input.file(t.file()), "0:" + t.stream()));
  }

  static Stream<Arguments> trickModes() {
    return Stream.of("sidx", "ismv")
        .map(asset -> own().stream().filter(t -> t.asset().equals(asset)).findFirst().orElseThrow())
        .flatMap(title ->
            readByFfmpeg().filter(Cell::hasTrickModes).map(cell -> Arguments.of(title, cell)));
  }

  /** In DASH they are a Representation, in HLS a playlist of I-frames. */
  @ParameterizedTest
  @MethodSource("trickModes")
  void everySegmentOfATrickModeIsAKeyFrame(Title title, Cell cell) {
    var crawled = Crawler.crawl(cell, title.asset(), title.server()::get);
    var input =
        cell.isDash()
            ? input(title, cell)
            : Ffmpeg.Input.url(title.server().httpBase() + keyFramePlaylist(crawled));
    var keyFrames =
        Ffmpeg.frameHashes(Ffmpeg.Input.file(title.video()).with("-skip_frame", "nokey"), "0:v:0");
    assertThat(Ffmpeg.frameHashes(input, cell.isDash() ? "0:v:1" : "0:v:0"))
        .isEqualTo(keyFrames)
        .hasSameSizeAs(crawled.trickModes().getFirst().segments())
        .hasSizeGreaterThan(2);
  }

  private static String keyFramePlaylist(Crawler.Crawled crawled) {
    return crawled.manifests().keySet().stream()
        .filter(path -> path.contains("type=keyframes"))
        .findFirst()
        .orElseThrow();
  }

  /** The key is fetched from where the manifest says, and the IV is the manifest's. */
  @ParameterizedTest
  @MethodSource("envelopesOfOthers")
  void aDecryptedSegmentIsTheClearOne(Cell cell) {
    var crawled = Crawler.crawl(cell, "muxed", server::get);
    var clear = Crawler.crawl(cell.clear(), "muxed", server::get);
    byte[] iv = crawled.iv().orElseThrow();
    byte[] key = server.get(keyPath(crawled));
    assertThat(crawled.plays()).hasSize(2).hasSameSizeAs(clear.plays());
    for (int i = 0; i < crawled.plays().size(); i++) {
      var segments = crawled.plays().get(i).segments();
      var clearSegments = clear.plays().get(i).segments();
      assertThat(segments).hasSize(3).hasSameSizeAs(clearSegments);
      for (int k = 0; k < segments.size(); k++) {
        assertThat(decrypted(server.get(segments.get(k).url()), key, iv))
            .isEqualTo(server.get(clearSegments.get(k).url()));
      }
    }
  }

  private static String keyPath(Crawler.Crawled crawled) {
    var matcher = KEY_URI.matcher(crawled.manifests().values().iterator().next());
    assertThat(matcher.find()).isTrue();
    assertThat(matcher.group(1)).startsWith(server.httpBase());
    return matcher.group(1).substring(server.httpBase().length());
  }

  private static byte[] decrypted(byte[] segment, byte[] key, byte[] iv) {
    try {
      var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
      return cipher.doFinal(segment);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * FFmpeg has no Smooth Streaming, but reads DASH: the samples of a fragment are those of the DASH
   * segment, and so is what is said of their encryption.
   */
  @ParameterizedTest
  @MethodSource("smooth")
  void aSmoothFragmentHasTheSamplesOfTheDashSegment(Cell cell) {
    var inDash = new Cell("mpd-time-csf", cell.encryption().replace("piff", "cenc"));
    assertThat(readByFfmpeg()).contains(inDash);
    var smooth = Crawler.crawl(cell, "ismv", server::get).plays();
    var dash = Crawler.crawl(inDash, "ismv", server::get).plays();
    assertThat(smooth).hasSize(2).hasSameSizeAs(dash);
    for (int i = 0; i < smooth.size(); i++) {
      assertThat(smooth.get(i).type()).isEqualTo(dash.get(i).type());
      assertThat(smooth.get(i).segments()).hasSameSizeAs(dash.get(i).segments());
      for (int k = 0; k < smooth.get(i).segments().size(); k++) {
        byte[] fragment = server.get(smooth.get(i).segments().get(k).url());
        byte[] segment = server.get(dash.get(i).segments().get(k).url());
        assertThat(samples(fragment)).isEqualTo(samples(segment)).hasSizeGreaterThan(1000);
        assertThat(piffSampleEncryption(fragment)).isEqualTo(sampleEncryption(segment));
        if (cell.scheme() == Scheme.CENC) {
          assertThat(sampleEncryption(segment)).isNotEmpty();
        }
      }
    }
  }

  private static byte[] samples(byte[] segment) {
    return BoxWalk.all(segment, "mdat").getFirst().payloadOf(segment);
  }

  private static List<Byte> sampleEncryption(byte[] segment) {
    return BoxWalk.all(segment, "moof", "traf", "senc").stream()
        .map(box -> box.payloadOf(segment))
        .findFirst()
        .map(ForeignClientsTest::list)
        .orElse(List.of());
  }

  private static List<Byte> piffSampleEncryption(byte[] fragment) {
    return BoxWalk.all(fragment, "moof", "traf", "uuid").stream()
        .map(box -> box.payloadOf(fragment))
        .filter(payload -> Arrays.equals(payload, 0, 16, PIFF_SENC, 0, 16))
        .map(payload -> Arrays.copyOfRange(payload, 16, payload.length))
        .findFirst()
        .map(ForeignClientsTest::list)
        .orElse(List.of());
  }

  private static List<Byte> list(byte[] bytes) {
    var list = new ArrayList<Byte>();
    for (byte b : bytes) {
      list.add(b);
    }
    return list;
  }

  static Stream<Cell> smoothWithCommonEncryption() {
    return smooth().filter(cell -> cell.scheme() == Scheme.CENC);
  }

  /** In the PlayReady object a GUID's first three fields are in little-endian order. */
  @ParameterizedTest
  @MethodSource("smoothWithCommonEncryption")
  void theSmoothManifestNamesTheKeyOfTheMpd(Cell cell) {
    var mpd = Mpd.parse(server.get(new Cell("mpd-time-csf", "cenc").manifest("ismv")));
    String manifest = new String(server.get(cell.manifest("ismv")), StandardCharsets.UTF_8);
    var object = PLAY_READY_OBJECT.matcher(manifest);
    assertThat(object.find()).isTrue();
    byte[] bytes = Base64.getDecoder().decode(object.group(1));
    var kid = KID.matcher(new String(bytes, 10, bytes.length - 10, StandardCharsets.UTF_16LE));
    assertThat(kid.find()).isTrue();
    byte[] guid = Base64.getDecoder().decode(kid.group(1));
    String digits =
        "%s-%s-%s-%s-%s"
            .formatted(
                reversed(guid, 0, 4),
                reversed(guid, 4, 6),
                reversed(guid, 6, 8),
                HEX.formatHex(guid, 8, 10),
                HEX.formatHex(guid, 10, 16));
    assertThat(mpd.representations())
        .isNotEmpty()
        .allSatisfy(r -> assertThat(r.keyId()).contains(digits));
  }

  private static String reversed(byte[] guid, int from, int to) {
    var digits = new StringBuilder();
    for (int i = to - 1; i >= from; i--) {
      digits.append(HEX.toHexDigits(guid[i]));
    }
    return digits.toString();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void thereIsNoSuchCell(Cell cell) {
    var answer = server.send("GET", cell.manifest("muxed"));
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    String code = body.replaceFirst("(?s).*\"code\":\"([A-Z_]+)\".*", "$1");
    assertThat(answer.statusCode() + " " + code).isEqualTo(REFUSAL);
  }
}
