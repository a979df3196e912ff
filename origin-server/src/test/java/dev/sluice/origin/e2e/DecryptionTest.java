package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.oracle.Ffmpeg;
import dev.sluice.origin.oracle.ShakaPackager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is served decrypts, by two other implementations, to the packets that are stored. */
final class DecryptionTest {
  private static final Pattern BITRATE = Pattern.compile("QualityLevels\\((\\d+)\\)");
  private static final Path SHARED =
      Path.of(Optional.ofNullable(System.getenv("SLUICE_SHARED_MEDIA")).orElse(""));

  /** From a box's type to its track's id. */
  private static final Map<String, Integer> TRACK_ID_OFFSET =
      Map.of("tkhd", 16, "trex", 8, "tfhd", 8);

  @TempDir private static Path folder;
  private static RunningServer server;
  private static Optional<RunningServer> sharedServer = Optional.empty();

  /**
   * A track of a title.
   *
   * @param file that it is stored in, below the media folder
   * @param stream its number in the file, as ffmpeg counts
   * @param order of this track among those of its kind, by bitrate
   */
  record Source(
      boolean shared,
      String asset,
      String file,
      int stream,
      String contentType,
      int order,
      String keyId,
      String key) {

    @Override
    public String toString() {
      return "%s%s, %s of %s".formatted(shared ? "shared " : "", asset, contentType, file);
    }
  }

  @BeforeAll
  static void serve() {
    server = serve(SourceTitles.root(), own(), "onekey");
    if (!SHARED.toString().isEmpty()) {
      sharedServer = Optional.of(serve(SHARED, shared().toList(), "none"));
    }
  }

  @AfterAll
  static void stop() {
    server.close();
    sharedServer.ifPresent(RunningServer::close);
  }

  private static RunningServer serve(Path media, List<Source> sources, String oneKey) {
    var documents = Documents.ofKeys();
    for (var asset : sources.stream().map(Source::asset).distinct().toList()) {
      if (asset.equals(oneKey)) {
        documents.asset(asset, "muxed", List.of(Documents.ONE_KEY_ID), "dash");
      } else {
        documents.asset(asset, asset, "dash");
      }
    }
    Path data = folder.resolve(oneKey);
    documents.applyTo(data);
    return RunningServer.serve(List.of(), media, data);
  }

  static Stream<Source> sources() {
    return SHARED.toString().isEmpty() ? own().stream() : Stream.concat(own().stream(), shared());
  }

  private static List<Source> own() {
    var all = new ArrayList<Source>();
    for (String asset : List.of("sidx", "mfra", "bare")) {
      all.add(video(false, asset, asset + "/video.mp4", 0, 0));
      all.add(audio(false, asset, asset + "/audio.mp4", 0));
    }
    all.add(video(false, "muxed", "muxed/av.mp4", 0, 0));
    all.add(audio(false, "muxed", "muxed/av.mp4", 1));
    for (String asset : List.of("ismv", "described")) {
      all.add(video(false, asset, asset + "/show.ismv", 0, 0));
      all.add(audio(false, asset, asset + "/show.ismv", 1));
    }
    for (int stream = 0; stream < 2; stream++) {
      all.add(
          new Source(
              false,
              "onekey",
              "muxed/av.mp4",
              stream,
              stream == 0 ? "video" : "audio",
              0,
              Documents.ONE_KEY_ID,
              Documents.ONE_KEY));
    }
    return all;
  }

  private static Stream<Source> shared() {
    return Stream.of(
        video(true, "ladder", "ladder/frag_v360.mp4", 0, 0),
        video(true, "ladder", "ladder/frag_v720.mp4", 0, 1),
        audio(true, "ladder", "ladder/frag_a128.mp4", 0),
        video(true, "muxed", "muxed/av360.mp4", 0, 0),
        audio(true, "muxed", "muxed/av360.mp4", 1),
        video(true, "ismv", "ismv/show.ismv", 0, 1),
        video(true, "ismv", "ismv/show.ismv", 1, 0),
        audio(true, "ismv", "ismv/show.ismv", 2),
        video(true, "ondemand", "ondemand/video_144p_108k_h264.mp4", 0, 0),
        audio(true, "ondemand", "ondemand/audio_en_2c_128k_aac.mp4", 0));
  }

  private static Source video(boolean shared, String asset, String file, int stream, int order) {
    return new Source(
        shared, asset, file, stream, "video", order, Documents.VIDEO_KEY_ID, Documents.VIDEO_KEY);
  }

  private static Source audio(boolean shared, String asset, String file, int stream) {
    return new Source(
        shared, asset, file, stream, "audio", 0, Documents.AUDIO_KEY_ID, Documents.AUDIO_KEY);
  }

  @ParameterizedTest
  @MethodSource("sources")
  void decryptsToTheSource(Source source) throws IOException {
    var representation = representation(source);
    assertThat(representation.keyId()).contains(source.keyId());
    byte[][] parts = served(source, representation);
    Path media = source.shared() ? SHARED : SourceTitles.root();
    var expected =
        Ffmpeg.packetHashes(Ffmpeg.Input.file(media.resolve(source.file()))).get(source.stream());
    assertThat(expected).hasSizeGreaterThan(100);

    var piped = Ffmpeg.Input.piped(parts);
    assertThat(Ffmpeg.packetHashes(piped.decryptedWith(source.key())).get(0))
        .as("by ffmpeg")
        .isEqualTo(expected);
    assertThat(Ffmpeg.packetHashes(piped).get(0)).as("without a key").isNotEqualTo(expected);
    assertThat(packaged(source, parts)).as("by the packager").isEqualTo(expected);
  }

  private static Mpd.Representation representation(Source source) {
    var mpd = Mpd.parse(server(source).get(base(source) + "manifest(format=mpd-time-cmaf)"));
    return mpd.representations().stream()
        .filter(r -> r.contentType().equals(source.contentType()))
        .sorted(Comparator.comparingLong(DecryptionTest::bitrate))
        .toList()
        .get(source.order());
  }

  private static byte[][] served(Source source, Mpd.Representation representation) {
    var parts = new ArrayList<byte[]>();
    parts.add(server(source).get(base(source) + representation.initialization()));
    for (var segment : representation.segments()) {
      parts.add(server(source).get(base(source) + segment.url()));
    }
    assertThat(parts).hasSizeGreaterThan(3);
    return parts.toArray(byte[][]::new);
  }

  private static List<String> packaged(Source source, byte[][] parts) throws IOException {
    Path in = Files.createTempFile(folder, "served", ".mp4");
    Path out = Files.createTempFile(folder, "clear", ".mp4");
    try (var stream = Files.newOutputStream(in)) {
      for (byte[] part : parts) {
        stream.write(asTrack1(part));
      }
    }
    var keyId = KeyId.parse(source.keyId()).orElseThrow();
    ShakaPackager.decrypt(in, source.contentType(), out, Map.of(keyId, source.key()));
    return Ffmpeg.packetHashes(Ffmpeg.Input.file(out)).values().iterator().next();
  }

  /**
   * The packager crashes, or damages samples, where the track's id is 2 or more; it must not be.
   */
  private static byte[] asTrack1(byte[] part) {
    var renumbered = ByteBuffer.wrap(part.clone());
    String text = new String(part, StandardCharsets.ISO_8859_1);
    TRACK_ID_OFFSET.forEach((type, offset) -> {
      int at = text.indexOf(type);
      if (at >= 0) {
        boolean longTimes = type.equals("tkhd") && part[at + 4] == 1;
        renumbered.putInt(at + offset + (longTimes ? 8 : 0), 1);
      }
    });
    return renumbered.array();
  }

  private static RunningServer server(Source source) {
    return source.shared() ? sharedServer.orElseThrow() : server;
  }

  private static String base(Source source) {
    String name = source.asset().equals("described") ? "show" : source.asset();
    return "/%s/%s.ism/".formatted(source.asset(), name);
  }

  private static long bitrate(Mpd.Representation representation) {
    var match = BITRATE.matcher(representation.initialization());
    assertThat(match.find()).isTrue();
    return Long.parseLong(match.group(1));
  }
}
