package dev.sluice.benchmarks;

import dev.sluice.crypto.CtrRanges;
import dev.sluice.crypto.JdkMediaCipher;
import dev.sluice.crypto.MediaCipher;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
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
 * {@code cenc} over one fragment, beside a copy of the same bytes and beside the JDK's cipher given
 * all of it at once. The ratio to the copy counts: the clock of a shared machine changes.
 *
 * <pre>
 *   mvn -pl benchmarks -am -DskipTests package
 *   java -jar benchmarks/target/benchmarks-all.jar CtrBenchmark
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class CtrBenchmark {

  /** A fragment: so many samples, of so many bytes, whose head stays clear. */
  public enum Shape {
    VIDEO(50, 30_000, 100),
    AUDIO(94, 370, 0);

    private final int samples;
    private final int sampleBytes;
    private final int clearBytes;

    Shape(int samples, int sampleBytes, int clearBytes) {
      this.samples = samples;
      this.sampleBytes = sampleBytes;
      this.clearBytes = clearBytes;
    }
  }

  @Param public Shape shape = Shape.VIDEO;

  private final MediaCipher cipher = new JdkMediaCipher();
  private final CtrRanges ranges = new CtrRanges();
  private final byte[] key = new byte[16];
  private byte[] in = {};
  private byte[] out = {};
  private ByteBuffer directIn = ByteBuffer.allocateDirect(0);
  private ByteBuffer directOut = ByteBuffer.allocateDirect(0);
  private Cipher plain = newCipher();

  /** Makes the fragment. */
  @Setup
  public void makeFragment() {
    int size = shape.samples * shape.sampleBytes;
    var random = new Random(1);
    random.nextBytes(key);
    in = new byte[size];
    random.nextBytes(in);
    out = new byte[size];
    directIn = ByteBuffer.allocateDirect(size).put(in).flip();
    directOut = ByteBuffer.allocateDirect(size);
    plain = newCipher();
    ranges.clear();
    for (int i = 0; i < shape.samples; i++) {
      ranges.add(
          i * shape.sampleBytes + shape.clearBytes, shape.sampleBytes - shape.clearBytes, i, 0, 0);
    }
  }

  /** The bound for heap buffers. */
  @Benchmark
  public byte[] copyHeap() {
    System.arraycopy(in, 0, out, 0, in.length);
    return out;
  }

  /** The bound for direct buffers. */
  @Benchmark
  public ByteBuffer copyDirect() {
    return directOut.put(0, directIn, 0, in.length);
  }

  /** Heap to heap. */
  @Benchmark
  public byte[] cencHeap() {
    cipher.ctr(key, ranges, ByteBuffer.wrap(in), ByteBuffer.wrap(out));
    return out;
  }

  /** Direct to direct. */
  @Benchmark
  public ByteBuffer cencDirect() {
    cipher.ctr(key, ranges, directIn.duplicate(), directOut.duplicate());
    return directOut;
  }

  /**
   * The JDK's cipher over all bytes in one call, and one IV: slow until it has been called often.
   */
  @Benchmark
  public byte[] plainCipher() throws GeneralSecurityException {
    plain.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
    plain.doFinal(in, 0, in.length, out, 0);
    return out;
  }

  private static Cipher newCipher() {
    try {
      return Cipher.getInstance("AES/CTR/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
