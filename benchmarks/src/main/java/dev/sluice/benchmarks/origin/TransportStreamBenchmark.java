package dev.sluice.benchmarks.origin;

import dev.sluice.origin.media.Body;
import dev.sluice.origin.segment.MediaSegment;
import dev.sluice.origin.segment.SegmentBoxes;
import dev.sluice.origin.segment.ts.ElementaryStream;
import dev.sluice.origin.segment.ts.TransportStreamSegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
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
 * What does a clear segment cost as a transport stream, beside the same samples in CMAF's boxes?
 *
 * <p>Microseconds for a segment of 50 pictures, 1,491,000 bytes, or of 94 frames of AAC, 34,780
 * bytes, begun, read in order in pieces of 64 KiB into one direct buffer, and closed.
 *
 * <pre>
 *   java -jar benchmarks/target/benchmarks-all.jar TransportStreamBenchmark
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
public class TransportStreamBenchmark {
  private static final int PIECE_BYTES = 64 * 1024;

  private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);

  /** Packets of 188 bytes. */
  @Benchmark
  public ByteBuffer transportStream(TitleState title) {
    var stream =
        new ElementaryStream(title.track(), title.samples(), 0, title.reader(), Optional.empty());
    return readAll(TransportStreamSegment.of(0, List.of(stream)));
  }

  /** A moof, and the samples as they are. */
  @Benchmark
  public ByteBuffer cmaf(TitleState title) {
    return readAll(
        MediaSegment.of(
            SegmentBoxes.CMAF,
            title.track(),
            0,
            title.samples(),
            title.reader(),
            Optional.empty()));
  }

  private ByteBuffer readAll(Body body) {
    try (body) {
      long length = body.lengthBytes();
      for (long at = 0; at < length; at += PIECE_BYTES) {
        body.read(at, piece.clear().limit((int) Math.min(PIECE_BYTES, length - at)));
      }
      return piece;
    }
  }
}
