package dev.sluice.benchmarks.origin;

import dev.sluice.origin.catalog.DocumentReader;
import dev.sluice.origin.catalog.StoredCatalog;
import dev.sluice.origin.encrypt.CencIvs;
import dev.sluice.origin.encrypt.ConstantIv;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.key.MasterKey;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What do the key and the IVs of an encrypted segment cost? Both are had anew for every request:
 * the key unwrapped (AES-256-GCM, 16 bytes), the IVs derived from it (HKDF).
 *
 * <p>Microseconds for one.
 *
 * <pre>
 *   java -jar benchmarks/target/benchmarks-all.jar KeyBenchmark
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
public class KeyBenchmark {
  private static final String DOCUMENT =
      """
      {"kind": "ContentKey", "id": "8ba94ade-6eb9-449d-b44f-a5beefaf43b0",
       "type": "CommonEncryption", "value": "AAECAwQFBgcICQoLDA0ODw=="}
      """;

  private final KeyId keyId = KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();
  private final ContentKey key = ContentKey.taking(keyId, new byte[ContentKey.BYTES]);
  // Not constants: see that of URLs.
  private String asset = "bear";
  private String revision = "bear/video.mp4 2700000000-1700000000000";
  private Optional<StoredCatalog> catalog = Optional.empty();

  /** Makes a catalog of one key. */
  @Setup
  public void open() {
    var made =
        StoredCatalog.inMemory(MasterKey.taking(new byte[MasterKey.BYTES]), new SecureRandom());
    made.apply(DocumentReader.read(DOCUMENT.getBytes(StandardCharsets.UTF_8)));
    catalog = Optional.of(made);
  }

  /** Closes the catalog. */
  @TearDown
  public void close() {
    catalog.ifPresent(StoredCatalog::close);
  }

  /** The key from the catalog, and wiped. */
  @Benchmark
  public void unwrap(Blackhole sink) {
    try (ContentKey unwrapped = catalog.orElseThrow().unwrap(keyId).orElseThrow()) {
      sink.consume(unwrapped);
    }
  }

  /** The IVs of a track under {@code cenc}. */
  @Benchmark
  public CencIvs cencIvs() {
    return CencIvs.of(key, asset, revision, "VIDEO 1", "cenc 1");
  }

  /** The IV of an asset under {@code cbcs}. */
  @Benchmark
  public Bytes constantIv() {
    return ConstantIv.of(key, Scheme.CBCS, asset);
  }
}
