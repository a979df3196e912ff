package dev.sluice.benchmarks.origin;

import dev.sluice.benchmarks.media.SyntheticFiles;
import dev.sluice.benchmarks.media.TemporaryFolder;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.track.Title;
import dev.sluice.origin.track.TitleReader;
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
 * What does it cost to read a title: to find its file, and to make the index of its fragments?
 *
 * <p>Microseconds for a video track of an hour: 1,800 movie fragments of 50 samples, 2.7 GB, with
 * and without {@code sidx}. The boxes come from the page cache; the pictures are a hole in the
 * file.
 *
 * <pre>
 *   java -jar benchmarks/target/benchmarks-all.jar IndexBenchmark
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
public class IndexBenchmark {
  private static final int MAX_TRACKS = 10;

  /** How many fragments the track has. */
  @Param("1800")
  public int fragments = 1800;

  /** Whether the file has an index of its own. */
  @Param({"true", "false"})
  public boolean sidx;

  private Optional<TemporaryFolder> folder = Optional.empty();
  private Optional<TitleReader> reader = Optional.empty();

  /** Writes the file. */
  @Setup
  public void write() {
    var made = new TemporaryFolder();
    folder = Optional.of(made);
    SyntheticFiles.writeSparse(made.path().resolve("hour/video.mp4"), fragments, sidx);
    reader = Optional.of(new TitleReader(new FileObjectStore(made.path()), MAX_TRACKS));
  }

  /** Deletes it. */
  @TearDown
  public void delete() {
    folder.ifPresent(TemporaryFolder::close);
  }

  /** Reads the title. */
  @Benchmark
  public Title read() {
    return reader.orElseThrow().read("hour", Optional.empty(), "hour");
  }
}
