package dev.sluice.benchmarks.cipher;

import dev.sluice.crypto.CbcRanges;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does AES-128-CBC over every whole block of each sample, as {@code cbcs} has it for audio,
 * cost beside a copy and beside the JDK's cipher given a sample at a time? Samples are chains of
 * their own; of the single range no engine can do more than one block after another.
 *
 * <p>Microseconds for a fragment; its bytes are those of the {@link Shape}. The ranges are filled
 * in anew for each fragment, as a server does.
 *
 * <pre>
 *   java -jar benchmarks/target/benchmarks-all.jar WholeBlockCbcBenchmark
 *   java -jar benchmarks/target/benchmarks-all.jar WholeBlockCbcBenchmark.encrypt -p engine=best -p buffers=HEAP
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
public class WholeBlockCbcBenchmark {

  /** Fragments in buffers. */
  @State(Scope.Thread)
  public static class Buffers extends BufferFragments {
    @Param({"RANGE", "AUDIO"})
    public Shape shape = Shape.AUDIO;

    @Override
    Shape shape() {
      return shape;
    }
  }

  /** Fragments in arrays. */
  @State(Scope.Thread)
  public static class Arrays extends ArrayFragments {
    @Param({"RANGE", "AUDIO"})
    public Shape shape = Shape.AUDIO;

    @Override
    Shape shape() {
      return shape;
    }
  }

  private final CbcRanges ranges = new CbcRanges();
  private final SampleCiphers.Work jdk = new JdkSampleCiphers().cbc();
  private final SampleCiphers.Work bouncyCastle = new BouncySampleCiphers().cbc();

  /** The bound: the same bytes, copied. */
  @Benchmark
  public ByteBuffer memoryCopy(Buffers fragments) {
    return fragments.copyNext();
  }

  /** Copied and encrypted. */
  @Benchmark
  public ByteBuffer encrypt(Buffers fragments, EngineState engine) {
    fragments.next();
    fragments.shape().fill(ranges, CbcRanges.Pattern.ALL);
    ByteBuffer target = fragments.target();
    engine.cipher().cbc(fragments.key(), ranges, fragments.source(), target);
    return target;
  }

  /** Encrypted where it is. */
  @Benchmark
  public ByteBuffer encryptInPlace(Buffers fragments, EngineState engine) {
    fragments.next();
    fragments.shape().fill(ranges, CbcRanges.Pattern.ALL);
    ByteBuffer source = fragments.source();
    engine.cipher().cbc(fragments.key(), ranges, source, fragments.sourceAgain());
    return source;
  }

  /** The JDK's cipher, one call a sample, on arrays. */
  @Benchmark
  public ByteBuffer jdkCipher(Arrays fragments) {
    return fragments.encryptNext(jdk);
  }

  /** BouncyCastle's engine, sample by sample, on arrays. */
  @Benchmark
  public ByteBuffer bouncyCastle(Arrays fragments) {
    return fragments.encryptNext(bouncyCastle);
  }
}
