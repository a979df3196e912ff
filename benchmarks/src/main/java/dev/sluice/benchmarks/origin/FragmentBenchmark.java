package dev.sluice.benchmarks.origin;

import dev.sluice.crypto.MediaCipher;
import dev.sluice.crypto.MediaCiphers;
import dev.sluice.origin.encrypt.CbcsPass;
import dev.sluice.origin.encrypt.CencIvs;
import dev.sluice.origin.encrypt.CencPass;
import dev.sluice.origin.encrypt.SamplePass;
import dev.sluice.origin.encrypt.SubsampleMap;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.segment.MediaSegment;
import dev.sluice.origin.segment.ProtectedSamples;
import dev.sluice.origin.segment.SegmentBoxes;
import dev.sluice.origin.storage.ObjectReader;
import java.util.Optional;
import java.util.UUID;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * What does it cost to begin a media segment, which builds all that stands before its samples: of
 * 50 pictures, or of 94 frames of AAC, in CMAF's boxes or PIFF's, clear or under {@code cenc} or
 * {@code cbcs}? The sample table, the clear/protected map and the IVs are at hand, as they are for
 * a fragment that was asked for before. No sample is read, but what encrypting needs is allocated:
 * the copy of the key, and 64 KiB.
 *
 * <p>Microseconds for a segment, made and closed.
 *
 * <pre>
 *   java -jar benchmarks/target/benchmarks-all.jar FragmentBenchmark
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
public class FragmentBenchmark {

  /** The boxes of DASH and HLS, or those of Smooth Streaming. */
  @Param({"CMAF", "PIFF"})
  public SegmentBoxes boxes = SegmentBoxes.CMAF;

  /** How the samples are encrypted. */
  @Param({"CLEAR", "CENC", "CBCS"})
  public Scheme scheme = Scheme.CLEAR;

  private final MediaCipher cipher = MediaCiphers.best();
  private final ContentKey key =
      ContentKey.taking(new KeyId(new UUID(1, 2)), new byte[ContentKey.BYTES]);
  private final CencIvs ivs = new CencIvs(0x0123_4567_89ab_cdefL);
  private final Bytes constantIv = Bytes.copyOf(new byte[16]);
  private Optional<SubsampleMap> map = Optional.empty();

  /** Plans the map. */
  @Setup
  public void plan(TitleState title) {
    if (scheme == Scheme.CLEAR) {
      map = Optional.empty();
      return;
    }
    try (ObjectReader object = title.reader()) {
      map = Optional.of(Maps.plan(title.track(), title.samples(), object, scheme));
    }
  }

  /** Begins a segment. */
  @Benchmark
  public long begin(TitleState title, Blackhole sink) {
    var protection = map.map(m -> new ProtectedSamples(m, pass(m)));
    try (Body body =
        MediaSegment.of(boxes, title.track(), 0, title.samples(), title.reader(), protection)) {
      sink.consume(body);
      return body.lengthBytes();
    }
  }

  private SamplePass pass(SubsampleMap of) {
    return switch (scheme) {
      case CENC -> new CencPass(cipher, key, ivs, 0, of);
      case CBCS -> new CbcsPass(cipher, key, constantIv, of);
      case CLEAR, CBC ->
          throw new IllegalStateException("scheme: %s (expected: CENC or CBCS)".formatted(scheme));
    };
  }
}
