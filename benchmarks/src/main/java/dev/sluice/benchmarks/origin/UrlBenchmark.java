package dev.sluice.benchmarks.origin;

import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.route.UrlGrammar;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to understand a URL? It is done for every request.
 *
 * <p>Microseconds for a URL of 137 (fragment), 99 (manifest) and 56 characters (key).
 *
 * <pre>
 *   java -jar benchmarks/target/benchmarks-all.jar UrlBenchmark
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
public class UrlBenchmark {
  private static final String TITLE = "/90000000-0000-0000-0000-00000000000a/bear.ism/";

  private final Bytes noBody = Bytes.copyOf();
  // Not constants: what a URL means must not be known to the compiler.
  private String fragment =
      TITLE
          + "QualityLevels(6000000)/Fragments(video=648000000,format=mpd-time-cmaf,encryption=cenc)"
          + ".m4s";
  private String manifest = TITLE + "manifest(format=m3u8-cmaf,encryption=cbcs,filter=hd)";
  private String key = "/keys/ClearKey/?kid=8ba94ade-6eb9-449d-b44f-a5beefaf43b0";

  /** A media segment of DASH. */
  @Benchmark
  public OriginRequest fragment() {
    return UrlGrammar.parse(fragment, noBody);
  }

  /** A multivariant playlist. */
  @Benchmark
  public OriginRequest manifest() {
    return UrlGrammar.parse(manifest, noBody);
  }

  /** A key. */
  @Benchmark
  public OriginRequest key() {
    return UrlGrammar.parse(key, noBody);
  }
}
