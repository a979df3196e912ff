package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.origin.oracle.Ffmpeg;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes below a running server is in force at once, and never mixed with what was. */
final class ChangeTest {
  /** The contract's second, and as much for the test's own steps on a busy machine. */
  private static final Duration IN_FORCE = Duration.ofMillis(1_500);

  @TempDir private Path folder;

  @Test
  void aChangedPolicyIsInForceWithoutARestart() {
    Path data = folder.resolve("data");
    Documents.ofKeys().asset("sidx", "sidx", "dash").applyTo(data);
    try (var server = RunningServer.serve(List.of(), SourceTitles.root(), data)) {
      String manifest = "/sidx/sidx.ism/manifest(format=mpd-time-csf)";
      var segment =
          Mpd.parse(server.get(manifest)).representations().getFirst().segments().getFirst().url();
      byte[] before = server.get("/sidx/sidx.ism/" + segment);

      new Documents().add(policy("Blocked")).applyTo(data);
      await()
          .pollInterval(Duration.ofMillis(50))
          .atMost(IN_FORCE)
          .until(() -> server.send("GET", manifest).statusCode() == 403);
      assertThat(server.send("GET", "/sidx/sidx.ism/" + segment).statusCode()).isEqualTo(403);

      new Documents().add(policy("DynamicCommonEncryption")).applyTo(data);
      await()
          .pollInterval(Duration.ofMillis(50))
          .atMost(IN_FORCE)
          .until(() -> server.send("GET", manifest).statusCode() == 200);
      assertThat(server.get("/sidx/sidx.ism/" + segment)).isEqualTo(before);
    }
  }

  private static String policy(String type) {
    return """
    {"kind": "AssetDeliveryPolicy", "name": "dash", "protocols": ["Dash"], "type": "%s",
     "configuration": {}}
    """
        .formatted(type);
  }

  @Test
  void aReplacedFileIsReadAnewAndNeverMixed() throws IOException {
    Path media = folder.resolve("media");
    Path file = Files.createDirectories(media.resolve("title")).resolve("video.mp4");
    Path first = SourceTitles.root().resolve("sidx/video.mp4");
    Path second = SourceTitles.root().resolve("other/video.mp4");
    replace(first, file, Instant.parse("2020-01-01T00:00:00Z"));
    Path data = folder.resolve("data");
    Documents.ofKeys().asset("title", "title", "dash").applyTo(data);
    try (var server = RunningServer.serve(List.of(), media, data)) {
      assertThat(hashes(server)).isEqualTo(stored(first));
      String url = segmentUrl(server);
      String tag = tagOf(server, url);
      byte[] before = server.get(url);

      // The same bytes at another time: the IVs, and so the bytes served and their tag, differ.
      replace(first, file, Instant.parse("2021-01-01T00:00:00Z"));
      await().atMost(IN_FORCE).until(() -> isServedAs(server, url, tag, before));
      assertThat(server.get(url)).isNotEqualTo(before);
      assertThat(hashes(server)).isEqualTo(stored(first));

      replace(second, file, Instant.parse("2022-01-01T00:00:00Z"));
      await().atMost(IN_FORCE).until(() -> server.send("GET", url).statusCode() != 503);
      await()
          .atMost(IN_FORCE)
          .untilAsserted(() -> assertThat(hashes(server)).isEqualTo(stored(second)));
    }
  }

  /**
   * Whether the new revision is served. Until then it is the old one, whole and under its tag, or
   * none.
   */
  private static boolean isServedAs(
      RunningServer server, String url, String oldTag, byte[] oldBytes) {
    var response = server.send("GET", url);
    if (response.statusCode() != 200) {
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(new String(response.body(), StandardCharsets.UTF_8))
          .contains("MPE_STORAGE_PRECONDITION_FAILED");
      return false;
    }
    boolean isNew = !response.headers().firstValue("etag").orElseThrow().equals(oldTag);
    assertThat(Arrays.equals(response.body(), oldBytes)).isNotEqualTo(isNew);
    return isNew;
  }

  private static void replace(Path source, Path target, Instant modified) throws IOException {
    Path partial = Files.copy(source, target.resolveSibling("../partial"));
    Files.setLastModifiedTime(partial, FileTime.from(modified));
    Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String segmentUrl(RunningServer server) {
    return "/title/title.ism/" + video(server).segments().getFirst().url();
  }

  private static String tagOf(RunningServer server, String url) {
    return server.send("HEAD", url).headers().firstValue("etag").orElseThrow();
  }

  private static Mpd.Representation video(RunningServer server) {
    return Mpd.parse(server.get("/title/title.ism/manifest(format=mpd-time-csf)"))
        .representations()
        .getFirst();
  }

  private static List<String> hashes(RunningServer server) {
    var video = video(server);
    var parts = new ArrayList<byte[]>();
    parts.add(server.get("/title/title.ism/" + video.initialization()));
    video.segments().forEach(s -> parts.add(server.get("/title/title.ism/" + s.url())));
    var input = Ffmpeg.Input.piped(parts.toArray(byte[][]::new));
    return Ffmpeg.packetHashes(input.decryptedWith(Documents.VIDEO_KEY)).firstEntry().getValue();
  }

  private static List<String> stored(Path file) {
    return Ffmpeg.packetHashes(Ffmpeg.Input.file(file)).firstEntry().getValue();
  }
}
