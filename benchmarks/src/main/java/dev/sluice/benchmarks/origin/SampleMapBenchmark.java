package dev.sluice.benchmarks.origin;

import dev.sluice.origin.encrypt.SubsampleMap;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.storage.ObjectReader;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to find the clear and the protected bytes of a fragment? It is done once for a
 * fragment and scheme while the map stays in the cache.
 *
 * <p>Microseconds for a fragment: 50 pictures of H.264, 1,491,000 bytes, whose slice headers are
 * read, or 94 frames of AAC, which are not looked at.
 *
 * <pre>
 *   java -jar benchmarks/target/benchmarks-all.jar SampleMapBenchmark -p slices=1,4
 *   java -jar benchmarks/target/benchmarks-all.jar SampleMapBenchmark -p media=FOLDER -p kind=VIDEO
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
public class SampleMapBenchmark {

  /** Which bytes are protected. */
  @Param({"CENC", "CBCS"})
  public Scheme scheme = Scheme.CENC;

  /** The object of the title, open. */
  @State(Scope.Thread)
  public static class OpenObject {
    private TitleState title = new TitleState();
    private Optional<ObjectReader> reader = Optional.empty();

    /** Opens it. */
    @Setup
    public void open(TitleState of) {
      title = of;
      reader = Optional.of(of.reader());
    }

    /** Closes it. */
    @TearDown
    public void close() {
      reader.ifPresent(ObjectReader::close);
    }

    SubsampleMap plan(Scheme scheme) {
      return Maps.plan(title.track(), title.samples(), reader.orElseThrow(), scheme);
    }
  }

  /** The map of a fragment whose sample table is known. */
  @Benchmark
  public SubsampleMap plan(OpenObject object) {
    return object.plan(scheme);
  }
}
