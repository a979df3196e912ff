package dev.sluice.benchmarks.cipher;

import dev.sluice.crypto.CbcRanges;
import dev.sluice.crypto.MediaCipher;
import dev.sluice.crypto.MediaCipher.CbcJob;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
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
 * What is gained if pieces of segments under whole-segment AES-128-CBC that wait at the same time,
 * each with a key of its own, are encrypted in one call and not one after another? Within a segment
 * each block waits for the one before it, so only pieces of different segments can share a core.
 *
 * <p>Microseconds for all pieces: {@code pieces} times {@code pieceBytes}, by default 8 times 256
 * KiB, 2 MiB. Direct buffers.
 *
 * <pre>
 *   java -jar benchmarks/target/benchmarks-all.jar CbcJobsBenchmark
 *   java -jar benchmarks/target/benchmarks-all.jar CbcJobsBenchmark -p staggerBytes=0,192
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
public class CbcJobsBenchmark {
  private static final int BLOCK_BYTES = 16;
  private static final int PAGE_BYTES = 4096;

  /** How many pieces wait. */
  @Param("8")
  public int pieces = 8;

  /** The size of each, a multiple of 4096. */
  @Param("262144")
  public int pieceBytes = 262_144;

  /**
   * By how much the place of a piece within a page differs from that of the piece before it. 0: all
   * begin at the same, so that the first level of the cache has few sets for them.
   */
  @Param("192")
  public int staggerBytes = 192;

  /** How much the sources fill at least, in 10^6 bytes; 0: one set of pieces. */
  @Param({"0", "384"})
  public int sourceMegabytes;

  private List<List<CbcJob>> sets = List.of();
  private int set;

  /** Makes the pieces. */
  @Setup
  public void makePieces() {
    if (pieceBytes % PAGE_BYTES != 0) {
      throw new IllegalArgumentException(
          "pieceBytes: %d (expected: a multiple of %d)".formatted(pieceBytes, PAGE_BYTES));
    }
    int setBytes = Math.multiplyExact(pieces, pieceBytes + staggerBytes);
    int count = Math.max(1, Math.ceilDiv(sourceMegabytes * 1_000_000, setBytes));
    var random = new Random(1);
    byte[] bytes = new byte[pieceBytes];
    random.nextBytes(bytes);
    List<ByteBuffer> targets = pieces(ByteBuffer.allocateDirect(setBytes));
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < pieces; i++) {
      byte[] key = new byte[BLOCK_BYTES];
      random.nextBytes(key);
      keys.add(key);
      targets.get(i).put(0, bytes);
    }
    var all = new ArrayList<List<CbcJob>>();
    for (int i = 0; i < count; i++) {
      List<ByteBuffer> sources = pieces(ByteBuffer.allocateDirect(setBytes));
      var jobs = new ArrayList<CbcJob>();
      for (int k = 0; k < pieces; k++) {
        jobs.add(
            new CbcJob(keys.get(k), new CbcRanges(), sources.get(k).put(0, bytes), targets.get(k)));
      }
      all.add(List.copyOf(jobs));
    }
    sets = List.copyOf(all);
    set = 0;
  }

  private List<ByteBuffer> pieces(ByteBuffer all) {
    var slices = new ArrayList<ByteBuffer>();
    for (int i = 0; i < pieces; i++) {
      slices.add(all.slice(i * (pieceBytes + staggerBytes), pieceBytes));
    }
    return slices;
  }

  /** The JDK's cipher, made once. */
  @State(Scope.Thread)
  public static class JdkCipher {
    private final Cipher cipher;

    public JdkCipher() {
      try {
        cipher = Cipher.getInstance("AES/CBC/NoPadding");
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    private void encrypt(CbcJob job) {
      try {
        cipher.init(
            Cipher.ENCRYPT_MODE,
            new SecretKeySpec(job.key(), "AES"),
            new IvParameterSpec(new byte[BLOCK_BYTES]));
        int written = cipher.doFinal(job.source(), job.target());
        if (written != job.source().capacity()) {
          throw new IllegalStateException("written: %d".formatted(written));
        }
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The next pieces, none of them encrypted yet. */
  final List<CbcJob> next() {
    set = set + 1 == sets.size() ? 0 : set + 1;
    List<CbcJob> jobs = sets.get(set);
    for (CbcJob job : jobs) {
      job.source().clear();
      job.target().clear();
      job.ranges().clear();
      job.ranges().add(0, pieceBytes, CbcRanges.Pattern.ALL, 0, 0, 0);
    }
    return jobs;
  }

  /** The bound: the same bytes, copied. */
  @Benchmark
  public List<CbcJob> memoryCopy() {
    List<CbcJob> jobs = next();
    for (CbcJob job : jobs) {
      job.target().put(0, job.source(), 0, pieceBytes);
    }
    return jobs;
  }

  /** All in one call. */
  @Benchmark
  public List<CbcJob> together(EngineState engine) {
    List<CbcJob> jobs = next();
    engine.cipher().cbc(jobs);
    return jobs;
  }

  /** A call for each. */
  @Benchmark
  public List<CbcJob> oneAfterAnother(EngineState engine) {
    List<CbcJob> jobs = next();
    MediaCipher cipher = engine.cipher();
    for (CbcJob job : jobs) {
      cipher.cbc(job.key(), job.ranges(), job.source(), job.target());
    }
    return jobs;
  }

  /** The JDK's cipher, a call for each. */
  @Benchmark
  public List<CbcJob> jdkCipher(JdkCipher cipher) {
    List<CbcJob> jobs = next();
    jobs.forEach(cipher::encrypt);
    return jobs;
  }
}
