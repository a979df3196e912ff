package dev.sluice.benchmarks.origin;

import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.track.FragmentSamples;
import dev.sluice.origin.track.FragmentSamplesReader;
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
 * What does it cost to decode the sample table of a fragment, of 50 pictures or of 94 frames of
 * AAC? It is done once for a fragment while the table stays in the cache.
 *
 * <p>Microseconds for a fragment.
 *
 * <pre>
 *   java -jar benchmarks/target/benchmarks-all.jar SampleTableBenchmark
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
public class SampleTableBenchmark {

  /** The table, from the movie fragment's boxes. */
  @Benchmark
  public FragmentSamples read(TitleState title) {
    try (ObjectReader object = title.reader()) {
      return FragmentSamplesReader.read(object, title.track(), 0);
    }
  }
}
