package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.crypto.MediaCiphers;
import dev.sluice.origin.access.TokenVerifier;
import dev.sluice.origin.catalog.DocumentReader;
import dev.sluice.origin.catalog.StoredCatalog;
import dev.sluice.origin.delivery.Fragments;
import dev.sluice.origin.delivery.OriginService;
import dev.sluice.origin.delivery.PublicUrls;
import dev.sluice.origin.delivery.Titles;
import dev.sluice.origin.key.MasterKey;
import dev.sluice.origin.license.KeyAnswers;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.oracle.Ffmpeg;
import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.UrlGrammar;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.track.TitleReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only segments that can be decoded without others are said to be so. */
final class OpenGopTest {
  private static final String INDEPENDENT = "#EXT-X-INDEPENDENT-SEGMENTS\n";

  @TempDir private Path media;
  private final StoredCatalog catalog =
      StoredCatalog.inMemory(MasterKey.taking(new byte[MasterKey.BYTES]), new SecureRandom());

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void segmentsOfClosedGopsAreIndependent() throws Exception {
    title("closed", "open-gop=0");

    assertThat(answer("closed", "manifest(format=m3u8-cmaf)")).contains(INDEPENDENT);
    assertThat(playlist("closed", "(video,format=m3u8-cmaf)")).contains(INDEPENDENT);
    assertThat(saps("closed")).containsExactly("1", "1");
  }

  @Test
  void segmentsOfOpenGopsAreNotButTheirFirstFramesAre() throws Exception {
    title("open", "open-gop=1");

    assertThat(answer("open", "manifest(format=m3u8-cmaf)")).doesNotContain(INDEPENDENT);
    assertThat(playlist("open", "(video,format=m3u8-cmaf)")).doesNotContain(INDEPENDENT);
    assertThat(playlist("open", "(video,format=m3u8-cmaf,type=keyframes)")).contains(INDEPENDENT);
    assertThat(saps("open")).containsExactly("3", "1");
  }

  private void title(String name, String gops) throws Exception {
    Path file = Files.createDirectories(media.resolve(name)).resolve("video.mp4");
    Ffmpeg.make(
        List.of(
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=160x90:rate=25:duration=6",
            "-c:v",
            "libx264",
            "-pix_fmt",
            "yuv420p",
            "-bf",
            "2",
            "-x264-params",
            gops + ":keyint=50:min-keyint=50:scenecut=0:b-adapt=0:threads=1",
            "-movflags",
            "+empty_moov+default_base_moof+frag_keyframe",
            "-f",
            "mp4",
            file.toString()));
    catalog.apply(
        DocumentReader.read(
            "{\"kind\": \"Asset\", \"name\": \"%1$s\", \"container\": \"%1$s\"}"
                .formatted(name)
                .getBytes(StandardCharsets.UTF_8)));
  }

  /** The types of access points that the sets of the MPD state: of the video, and of trick mode. */
  private List<String> saps(String asset) {
    return Pattern.compile("startWithSAP=\"([0-9])\"")
        .matcher(answer(asset, "manifest(format=mpd-time-cmaf)"))
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  private String playlist(String asset, String request) {
    var folder =
        Pattern.compile("(?m)^QualityLevels\\([0-9]+\\)/")
            .matcher(answer(asset, "manifest(format=m3u8-cmaf)"))
            .results()
            .findFirst();
    return answer(asset, folder.orElseThrow().group() + "Manifest" + request);
  }

  private String answer(String asset, String relative) {
    var store = new FileObjectStore(media);
    var origin =
        new OriginService(
            catalog,
            store,
            new Titles(store, new TitleReader(store, 64), System::nanoTime, 100_000),
            new Fragments(1 << 20),
            MediaCiphers.best(),
            new KeyAnswers(catalog, () -> Instant.EPOCH, new TokenVerifier(), false),
            new PublicUrls(Optional.of("http://o.test"), Optional.empty()),
            () -> Instant.EPOCH);
    var nobody = new Caller(Optional.empty(), /* secure= */ false, /* loopback= */ true);
    String url = "/%1$s/%1$s.ism/%2$s".formatted(asset, relative);
    try (var body = origin.answer(UrlGrammar.parse(url, Bytes.copyOf()), nobody).body().get()) {
      var out = ByteBuffer.allocate(Math.toIntExact(body.lengthBytes()));
      body.read(0, out);
      return new String(out.array(), StandardCharsets.UTF_8);
    }
  }
}
