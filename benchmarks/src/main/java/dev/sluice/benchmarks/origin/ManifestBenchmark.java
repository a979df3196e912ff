package dev.sluice.benchmarks.origin;

import dev.sluice.benchmarks.media.ManifestTitle;
import dev.sluice.origin.drm.ClearKeySignal;
import dev.sluice.origin.drm.ContentProtection;
import dev.sluice.origin.drm.ContentProtection.SystemSignal;
import dev.sluice.origin.drm.PlayReadyCustomAttributes;
import dev.sluice.origin.drm.PlayReadyHeader;
import dev.sluice.origin.drm.PlayReadyObject;
import dev.sluice.origin.drm.Protection;
import dev.sluice.origin.drm.WidevineData;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.manifest.dash.MpdRenderer;
import dev.sluice.origin.manifest.hls.MediaPlaylist;
import dev.sluice.origin.manifest.hls.MultivariantPlaylist;
import dev.sluice.origin.manifest.smooth.ClientManifest;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.route.StreamTags;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to render a manifest of a film of two hours, six tracks of video and two of
 * audio, in fragments of two seconds, clear or with ClearKey, PlayReady and Widevine signalled?
 *
 * <p>Microseconds for a manifest from its presentation to its bytes. What they are made from (the
 * index of each track) and what is signalled is at hand.
 *
 * <pre>
 *   KB                        clear   cenc
 *   DASH                        105    118   a timeline of audio, whose durations differ, has most
 *   HLS, multivariant             3      5
 *   HLS, media playlist         237    296   3,600 segments
 *   Smooth                      132    133
 * </pre>
 *
 * <pre>
 *   java -jar benchmarks/target/benchmarks-all.jar ManifestBenchmark
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-Xmx1g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ManifestBenchmark {

  /** {@code CLEAR} or {@code CENC}. */
  @Param({"CLEAR", "CENC"})
  public Scheme scheme = Scheme.CLEAR;

  private List<PresentedTrack> tracks = List.of();

  /** Makes the tracks. */
  @Setup
  public void makeTracks() {
    Optional<Protection> protection =
        switch (scheme) {
          case CLEAR -> Optional.empty();
          case CENC -> Optional.of(protection());
          case CBCS, CBC ->
              throw new IllegalArgumentException(
                  "scheme: %s (expected: CLEAR or CENC)".formatted(scheme));
        };
    tracks =
        ManifestTitle.tracks().stream()
            .map(track -> new PresentedTrack(track, protection))
            .toList();
  }

  private static Protection protection() {
    var keyId = KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();
    var license = "https://licenses.example/keys/?kid=" + keyId;
    var header =
        PlayReadyHeader.of(
            Scheme.CENC,
            List.of(headerKey(keyId)),
            Optional.of(license),
            PlayReadyCustomAttributes.NONE);
    return new ContentProtection(
        Scheme.CENC,
        keyId,
        Optional.empty(),
        List.of(
            ClearKeySignal.of(keyId, license),
            PlayReadyObject.of(header).toSignal(),
            new SystemSignal.Widevine(
                WidevineData.of(Scheme.CENC, keyId).toPssh(), Optional.of(license))));
  }

  private static PlayReadyHeader.Key headerKey(KeyId keyId) {
    try (var key = ContentKey.taking(keyId, new byte[ContentKey.BYTES])) {
      return PlayReadyHeader.Key.withChecksum(key);
    }
  }

  /** The MPD. */
  @Benchmark
  public byte[] dash() {
    return new MpdRenderer().render(presentation(Format.DASH_CMAF));
  }

  /** The multivariant playlist. */
  @Benchmark
  public byte[] hlsMultivariant() {
    return new MultivariantPlaylist().render(presentation(Format.HLS_CMAF));
  }

  /** The media playlist of one track of video: 3,600 segments. */
  @Benchmark
  public byte[] hlsMedia() {
    return new MediaPlaylist().render(presentation(Format.HLS_CMAF), tracks.getFirst());
  }

  /** The client manifest. */
  @Benchmark
  public byte[] smooth() {
    return new ClientManifest().render(presentation(Format.SMOOTH));
  }

  private Presentation presentation(Format format) {
    return new Presentation(
        tracks,
        new StreamTags(
            format, Optional.empty(), List.of(), Optional.empty(), false, false, List.of()));
  }
}
