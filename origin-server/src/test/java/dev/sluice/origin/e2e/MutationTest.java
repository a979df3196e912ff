package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.StoreFailure;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Damaged media ends in a right answer or in a refusal, and in nothing else. */
final class MutationTest {
  private static final String SEED = "20240229";

  @Test
  void damagedTitlesAreServedProtectedOrRefused() throws Exception {
    requireRight(MutationRun.class, List.of(SEED));
  }

  /** A fourth of the damages is enough: each byte meets another cell with another seed. */
  @Test
  void damagedTitlesAreServedRightOrRefusedInOtherCells() throws Exception {
    requireRight(CellMutationRun.class, List.of(SEED, "25"));
  }

  private static void requireRight(Class<?> run, List<String> arguments) throws Exception {
    var output = Files.createTempFile("mutations", ".txt");
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                run.getName()));
    command.addAll(arguments);
    for (String title : List.of("small", "small-indexed", "small-smooth")) {
      command.add(TestMedia.files(title).getFirst().toString());
    }
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(300, TimeUnit.SECONDS)).as("ends in time").isTrue();
    } finally {
      process.destroyForcibly();
    }
    var lines = Files.readAllLines(output);
    Files.delete(output);
    assertThat(lines.stream().filter(l -> l.startsWith("wrong: "))).isEmpty();
    assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
    assertThat(lines.stream().filter(l -> l.startsWith("done ")))
        .hasSize(3)
        .allMatch(l -> l.matches("done served=[1-9]\\d{2,} refused=[1-9]\\d{2,} wrong=0"));
  }

  @Test
  void anObjectThatGotShorterIsRefused() {
    var store = store();
    try (var origin = InProcessOrigin.of(List.of("small"))) {
      var node = origin.node(store);
      var segments = segmentUrls(node);
      node.get(segments.getLast());
      store.shorten("small/small.mp4", 2000);
      assertThatExceptionOfType(StoreFailure.class)
          .isThrownBy(() -> node.get(segments.getLast()))
          .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.MPE_STORAGE_INTERNAL_ERROR));
      assertThat(store.openReaders()).isZero();
    }
  }

  @Test
  void aReadThatFailsMidwayIsRefusedAndLeavesNoClearBytesInTheBuffer() {
    var scanner =
        new ClearScanner(
            ClearSource.of(TestMedia.files("small").getFirst()).secrets(ClearSource.HEADER_BYTES));
    try (var origin = InProcessOrigin.of(List.of("small"))) {
      for (int part = 0; part < 20; part++) {
        var store = store();
        var node = origin.node(store);
        for (String url : segmentUrls(node)) {
          try (var body = node.open(url)) {
            var out = ByteBuffer.allocate((int) body.lengthBytes());
            store.failAfter(body.lengthBytes() * part / 40);
            assertThatExceptionOfType(StoreFailure.class).isThrownBy(() -> body.read(0, out));
            assertThat(scanner.leakIn(out.array())).isEmpty();
          }
          store.failAfter(Long.MAX_VALUE);
        }
        assertThat(store.openReaders()).isZero();
      }
    }
  }

  private static MemoryStore store() {
    return new MemoryStore()
        .with("small/small.mp4", TestMedia.read(TestMedia.files("small").getFirst()));
  }

  private static List<String> segmentUrls(InProcessOrigin.Node node) {
    return Mpd.parse(node.manifest("small", "mpd-time-csf")).representations().stream()
        .flatMap(r -> r.segments().stream())
        .map(s -> InProcessOrigin.Node.url("small", s.url()))
        .toList();
  }
}
