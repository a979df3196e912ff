package dev.sluice.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.crypto.MediaCipher.CbcJob;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Sources that are mappings, of files that become shorter. What would go wrong here ends this
 * process.
 */
final class MappedSourceTest {
  private static final int BYTES = 700_001;
  private static final int CUT = 301_003;
  private static final byte[] KEY = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

  @TempDir private Path folder;
  private final Arena arena = Arena.ofShared();
  private final byte[] content = new byte[BYTES];
  private List<MediaCipher> engines = List.of();
  private int files;

  @BeforeEach
  void begin() {
    Engines.assumeNative();
    engines = Engines.natives();
    new Random(7).nextBytes(content);
  }

  @AfterEach
  void unmap() {
    arena.close();
  }

  /** A file and a mapping of it. */
  private record Mapped(Path file, ByteBuffer bytes) {
    void cutTo(long size) throws IOException {
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(size);
      }
    }

    void write(byte[] content) throws IOException {
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        assertThat(channel.write(ByteBuffer.wrap(content), 0)).isEqualTo(content.length);
      }
    }

    ByteBuffer source() {
      return bytes.duplicate();
    }
  }

  private Mapped map() throws IOException {
    Path file = Files.write(folder.resolve("file" + files++), content);
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var segment = channel.map(FileChannel.MapMode.READ_ONLY, 0, BYTES, arena);
      return new Mapped(file, segment.asByteBuffer());
    }
  }

  /** What is done with a source. */
  enum Use {
    COPY {
      @Override
      void of(MediaCipher cipher, ByteBuffer source, ByteBuffer target) {
        cipher.copy(source, target);
      }
    },
    CTR {
      @Override
      void of(MediaCipher cipher, ByteBuffer source, ByteBuffer target) {
        var ranges = new CtrRanges();
        for (int at = 100; at + 5_000 < BYTES; at += 5_100) {
          ranges.add(at, 5_000, at, 0, 3);
        }
        cipher.ctr(KEY, ranges, source, target);
      }
    },
    CBC_WHOLE {
      @Override
      void of(MediaCipher cipher, ByteBuffer source, ByteBuffer target) {
        cipher.cbc(KEY, whole(1), source, target);
      }
    },
    CBC_PATTERN {
      @Override
      void of(MediaCipher cipher, ByteBuffer source, ByteBuffer target) {
        cipher.cbc(KEY, pattern(), source, target);
      }
    },
    BATCH {
      @Override
      void of(MediaCipher cipher, ByteBuffer source, ByteBuffer target) {
        var jobs = new ArrayList<CbcJob>();
        for (int i = 1; i < 5; i++) {
          jobs.add(
              new CbcJob(
                  KEY, whole(i), ByteBuffer.allocateDirect(BYTES), ByteBuffer.allocate(BYTES)));
        }
        jobs.add(new CbcJob(KEY, whole(1), source, target));
        cipher.cbc(jobs);
      }
    };

    abstract void of(MediaCipher cipher, ByteBuffer source, ByteBuffer target);

    private static CbcRanges whole(int iv) {
      var ranges = new CbcRanges();
      ranges.add(0, BYTES, CbcRanges.Pattern.ALL, 0, iv, 2);
      return ranges;
    }

    private static CbcRanges pattern() {
      var ranges = new CbcRanges();
      for (int at = 100; at + 50_000 < BYTES; at += 50_100) {
        ranges.add(at, 50_000, CbcRanges.Pattern.ONE_OF_TEN, 0, at, 2);
      }
      return ranges;
    }
  }

  private byte[] expected(Use use) {
    var target = ByteBuffer.allocate(BYTES);
    use.of(new JdkMediaCipher(), ByteBuffer.wrap(content), target);
    return target.array();
  }

  private static byte[] bytes(ByteBuffer filled) {
    var bytes = new byte[filled.capacity()];
    filled.get(0, bytes);
    return bytes;
  }

  @ParameterizedTest
  @EnumSource
  void readsAMappingAsAnyOtherSource(Use use) throws IOException {
    Mapped mapped = map();
    for (MediaCipher engine : engines) {
      assertThat(engine.readsMappings()).isTrue();
      for (ByteBuffer target :
          List.of(ByteBuffer.allocateDirect(BYTES), ByteBuffer.allocate(BYTES))) {
        ByteBuffer source = mapped.source();
        use.of(engine, source, target);
        assertThat(source.hasRemaining() || target.hasRemaining()).isFalse();
        assertThat(bytes(target)).isEqualTo(expected(use));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void endsACallWhoseFileIsShorterThanItsMapping(Use use) throws IOException {
    Mapped other = map();
    for (MediaCipher engine : engines) {
      for (int cut : new int[] {0, 4096, CUT, BYTES - 4097}) {
        Mapped mapped = map();
        mapped.cutTo(cut);
        // More than once on one thread: no signal has stayed blocked.
        for (int i = 0; i < 3; i++) {
          ByteBuffer source = mapped.source();
          assertThatExceptionOfType(SourceGoneException.class)
              .isThrownBy(() -> use.of(engine, source, ByteBuffer.allocateDirect(BYTES)));
          assertThat(source.position()).isZero();
        }
        var target = ByteBuffer.allocateDirect(BYTES);
        use.of(engine, other.source(), target);
        assertThat(bytes(target)).isEqualTo(expected(use));
      }
    }
  }

  @Test
  void endsCallsWhileFilesAreCutAndWrittenAndHarmsNoOthers() throws Exception {
    Mapped whole = map();
    var cut = List.of(map(), map());
    var done = new AtomicBoolean();
    var gone = new AtomicLong();
    var read = new AtomicLong();
    try (ExecutorService threads = Executors.newCachedThreadPool();
        ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<Future<?>>();
      for (MediaCipher engine : engines) {
        for (Use use : Use.values()) {
          byte[] expected = expected(use);
          var on = results.size() % 4 == 0 ? threads : virtual;
          results.add(on.submit(() -> readAll(engine, use, cut, done, gone)));
          results.add(
              on.submit(() -> {
                while (!done.get()) {
                  var target = ByteBuffer.allocateDirect(BYTES);
                  use.of(engine, whole.source(), target);
                  assertThat(Arrays.equals(bytes(target), expected)).isTrue();
                  read.incrementAndGet();
                }
              }));
        }
      }
      long deadline = System.nanoTime() + 60_000_000_000L;
      for (int i = 0; i < 200 || (gone.get() < 50 || read.get() < 50); i++) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Mapped file = cut.get(i % cut.size());
        file.cutTo((long) i * 3_517 % BYTES);
        Thread.sleep(1);
        file.write(content);
        Thread.sleep(1);
      }
      done.set(true);
      for (Future<?> result : results) {
        result.get();
      }
    }
    assertThat(gone.get()).isPositive();
  }

  private static void readAll(
      MediaCipher engine, Use use, List<Mapped> files, AtomicBoolean done, AtomicLong gone) {
    var target = ByteBuffer.allocateDirect(BYTES);
    for (int i = 0; !done.get(); i++) {
      try {
        use.of(engine, files.get(i % files.size()).source(), target.clear());
      } catch (SourceGoneException e) {
        gone.incrementAndGet();
      }
    }
  }

  @Test
  void leavesTheSignalToJavaWhereJavaReads() throws IOException {
    Mapped mapped = map();
    mapped.cutTo(CUT);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> mapped.source().get(new byte[BYTES]))
          .isInstanceOf(InternalError.class);
      for (MediaCipher engine : engines) {
        assertThatExceptionOfType(SourceGoneException.class)
            .isThrownBy(() -> engine.copy(mapped.source(), ByteBuffer.allocateDirect(BYTES)));
      }
    }
    // What is left of the file is read as before.
    var target = ByteBuffer.allocateDirect(CUT);
    engines.getFirst().copy(mapped.source().limit(CUT), target);
    assertThat(bytes(target)).isEqualTo(Arrays.copyOf(content, CUT));
  }

  @ParameterizedTest
  @EnumSource
  void writesIntoNothingThatIsReadOnly(Use use) throws IOException {
    Mapped mapped = map();
    for (MediaCipher engine : Engines.all()) {
      ByteBuffer source = engine.readsMappings() ? mapped.source() : ByteBuffer.wrap(content);
      var bytes = new byte[BYTES];
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> use.of(engine, source, ByteBuffer.wrap(bytes).asReadOnlyBuffer()))
          .withMessage("target: read-only (expected: writable)");
      assertThat(bytes).containsOnly(0);
    }
  }

  @Test
  void theJdkEngineRefusesMappings() throws IOException {
    var jdk = new JdkMediaCipher();
    assertThat(jdk.readsMappings()).isFalse();
    Mapped mapped = map();
    for (Use use : Use.values()) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> use.of(jdk, mapped.source(), ByteBuffer.allocate(BYTES)))
          .withMessage(
              "source: a mapping of a file (expected: none, by an engine that does not read mappings)");
    }
  }
}
