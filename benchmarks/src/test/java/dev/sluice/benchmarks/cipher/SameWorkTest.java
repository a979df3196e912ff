package dev.sluice.benchmarks.cipher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.crypto.CbcRanges;
import dev.sluice.crypto.CtrRanges;
import dev.sluice.crypto.MediaCipher;
import dev.sluice.crypto.MediaCipher.CbcJob;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is compared does the same work, if the bytes are the same. */
final class SameWorkTest {
  private final byte[] key = new byte[16];

  @ParameterizedTest
  @EnumSource
  void cencIsTheSameByAllMeans(Shape shape) {
    byte[] in = noise(shape);
    var ranges = new CtrRanges();
    shape.fill(ranges);
    byte[] out = new byte[in.length];
    Engines.require(Engines.BEST).ctr(key, ranges, ByteBuffer.wrap(in), ByteBuffer.wrap(out));
    assertThat(out).isNotEqualTo(in);
    assertThat(encrypt(new JdkSampleCiphers().cenc(), shape, in)).isEqualTo(out);
    assertThat(encrypt(new BouncySampleCiphers().cenc(), shape, in)).isEqualTo(out);
  }

  @ParameterizedTest
  @EnumSource
  void cbcsIsTheSameByAllMeans(Shape shape) {
    byte[] in = noise(shape);
    byte[] out = cbc(shape, CbcRanges.Pattern.ONE_OF_TEN, in);
    assertThat(encrypt(new JdkSampleCiphers().cbcs(), shape, in)).isEqualTo(out);
    assertThat(encrypt(new BouncySampleCiphers().cbcs(), shape, in)).isEqualTo(out);
  }

  @ParameterizedTest
  @EnumSource
  void wholeBlocksAreTheSameByAllMeans(Shape shape) {
    byte[] in = noise(shape);
    byte[] out = cbc(shape, CbcRanges.Pattern.ALL, in);
    assertThat(encrypt(new JdkSampleCiphers().cbc(), shape, in)).isEqualTo(out);
    assertThat(encrypt(new BouncySampleCiphers().cbc(), shape, in)).isEqualTo(out);
  }

  @ParameterizedTest
  @ValueSource(strings = {Engines.BEST, Engines.JDK})
  void jobsAreTheSameTogetherAndOneAfterAnother(String name) {
    var engine = new EngineState();
    engine.engine = name;
    engine.resolve();
    var benchmark = new CbcJobsBenchmark();
    benchmark.pieceBytes = 8192;
    benchmark.makePieces();
    List<byte[]> together = targets(benchmark.together(engine));
    assertThat(together).hasSize(8).doesNotHaveDuplicates();
    assertThat(targets(benchmark.memoryCopy())).doesNotContainAnyElementsOf(together);
    assertThat(targets(benchmark.oneAfterAnother(engine)))
        .usingRecursiveComparison()
        .isEqualTo(together);
    assertThat(targets(benchmark.jdkCipher(new CbcJobsBenchmark.JdkCipher())))
        .usingRecursiveComparison()
        .isEqualTo(together);
  }

  @ParameterizedTest
  @EnumSource
  void buffersOfEachKindGetTheSameBytes(BufferFragments.Kind kind) {
    var fragments = new CencBenchmark.Buffers();
    fragments.shape = Shape.AUDIO;
    fragments.buffers = kind;
    fragments.make();
    var benchmark = new CencBenchmark();
    var engine = new EngineState();
    assertThat(benchmark.memoryCopy(fragments)).isEqualTo(fragments.source());
    ByteBuffer target = benchmark.encrypt(fragments, engine).flip();
    assertThat(target).isNotEqualTo(fragments.source());
    assertThat(benchmark.encryptInPlace(fragments, engine).flip()).isEqualTo(target);
  }

  @Test
  void sourcesAreTakenInTurn() {
    var fragments = new CencBenchmark.Buffers();
    fragments.shape = Shape.AUDIO;
    fragments.sourceMegabytes = 1;
    fragments.targetMegabytes = 1;
    fragments.make();
    fragments.next();
    ByteBuffer first = fragments.source();
    for (int i = 1; i < 29; i++) {
      fragments.next();
      assertThat(fragments.source()).isNotSameAs(first);
    }
    fragments.next();
    assertThat(fragments.source()).isSameAs(first);
  }

  private byte[] cbc(Shape shape, CbcRanges.Pattern pattern, byte[] in) {
    var ranges = new CbcRanges();
    shape.fill(ranges, pattern);
    byte[] out = new byte[in.length];
    MediaCipher cipher = Engines.require(Engines.BEST);
    cipher.cbc(key, ranges, ByteBuffer.wrap(in), ByteBuffer.wrap(out));
    assertThat(out).isNotEqualTo(in);
    return out;
  }

  private byte[] encrypt(SampleCiphers.Work work, Shape shape, byte[] in) {
    byte[] out = new byte[in.length];
    work.encrypt(shape, key, in, 0, out, 0);
    return out;
  }

  private static List<byte[]> targets(List<CbcJob> jobs) {
    return jobs.stream()
        .map(job -> {
          byte[] bytes = new byte[job.target().capacity()];
          job.target().get(0, bytes);
          return bytes;
        })
        .toList();
  }

  private static byte[] noise(Shape shape) {
    byte[] bytes = new byte[shape.sizeBytes()];
    new Random(3).nextBytes(bytes);
    return bytes;
  }
}
