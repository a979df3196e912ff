package dev.sluice.benchmarks.micro;

import dev.sluice.benchmarks.cipher.CbcJobsBenchmark;
import dev.sluice.benchmarks.cipher.CbcsBenchmark;
import dev.sluice.benchmarks.cipher.CencBenchmark;
import dev.sluice.benchmarks.cipher.WholeBlockCbcBenchmark;
import java.util.Map;

/**
 * A ratio that the project tracks: how many times as fast one benchmark of a class is as another.
 * The first goal is what an engine has to reach to be taken, the target what the machine can do.
 */
enum Tracked {
  CENC_CACHE(
      "cenc, video, in cache / copy",
      CencBenchmark.class,
      "encrypt",
      "memoryCopy",
      "VIDEO",
      0,
      1_500_000,
      0.48,
      0.35),
  CENC_MEMORY(
      "cenc, video, from memory / copy",
      CencBenchmark.class,
      "encrypt",
      "memoryCopy",
      "VIDEO",
      384,
      1_500_000,
      1.0,
      0.8),
  CBCS_CACHE(
      "cbcs, video, in cache / copy",
      CbcsBenchmark.class,
      "encrypt",
      "memoryCopy",
      "VIDEO",
      0,
      1_500_000,
      0.75,
      0.5),
  CBCS_MEMORY(
      "cbcs, video, from memory / copy",
      CbcsBenchmark.class,
      "encrypt",
      "memoryCopy",
      "VIDEO",
      384,
      1_500_000,
      1.0,
      0.8),
  CENC_AUDIO(
      "cenc, audio / JDK's cipher, a call a sample",
      CencBenchmark.class,
      "encrypt",
      "jdkCipher",
      "AUDIO",
      0,
      34_780,
      3.5,
      2.5),
  CBC_AUDIO(
      "cbc, audio / JDK's cipher, a call a sample",
      WholeBlockCbcBenchmark.class,
      "encrypt",
      "jdkCipher",
      "AUDIO",
      0,
      34_780,
      5,
      3),
  CBC_JOBS(
      "cbc, 8 segments together / one after another",
      CbcJobsBenchmark.class,
      "together",
      "oneAfterAnother",
      "VIDEO",
      0,
      8 * 262_144,
      6,
      4);

  private final String title;
  private final Class<?> benchmarks;
  private final String measured;
  private final String base;
  private final String shape;
  private final int sourceMegabytes;
  private final int bytes;
  private final double target;
  private final double first;

  Tracked(
      String title,
      Class<?> benchmarks,
      String measured,
      String base,
      String shape,
      int sourceMegabytes,
      int bytes,
      double target,
      double first) {
    this.title = title;
    this.benchmarks = benchmarks;
    this.measured = measured;
    this.base = base;
    this.shape = shape;
    this.sourceMegabytes = sourceMegabytes;
    this.bytes = bytes;
    this.target = target;
    this.first = first;
  }

  /** What is compared. */
  String title() {
    return title;
  }

  /** The whole name of the benchmark that is measured. */
  String measured() {
    return benchmarks.getName() + "." + measured;
  }

  /** The whole name of the one that it is compared with. */
  String base() {
    return benchmarks.getName() + "." + base;
  }

  /** The parameters of both. Those that they do not have are passed over. */
  Map<String, String> params() {
    return Map.of("shape", shape, "sourceMegabytes", Integer.toString(sourceMegabytes));
  }

  /** How many bytes each call of either takes. */
  int bytes() {
    return bytes;
  }

  /** The ratio to reach. */
  double target() {
    return target;
  }

  /** The ratio below which an engine is not good enough. */
  double first() {
    return first;
  }
}
