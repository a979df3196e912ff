package dev.sluice.origin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands as {@code bin/sluice} runs them: with {@code conf/jvm.options}, and with a cache. */
final class JvmOptionsTest {
  private static final Path OPTIONS = Path.of("..", "conf", "jvm.options").toAbsolutePath();

  @TempDir private Path folder;

  @Test
  void saysNothingOfACacheThatIsNotThere() throws Exception {
    assertRunsQuietly(folder.resolve("absent.aot"));
  }

  @Test
  void saysNothingOfACacheThatIsNone() throws Exception {
    assertRunsQuietly(Files.writeString(folder.resolve("other.aot"), "of another release"));
  }

  @Test
  void trains() throws Exception {
    Path work = folder.resolve("work");
    for (int run = 0; run < 2; run++) {
      Outcome outcome = run(List.of(), "train", "--work", work.toString());
      assertThat(outcome).isEqualTo(new Outcome(0, "", ""));
    }
    assertThat(work.resolve("data").resolve("catalog.mv.db")).exists();
    assertThat(work.resolve("data").resolve("catalog.lock.db")).doesNotExist();
  }

  private static void assertRunsQuietly(Path cache) throws Exception {
    Outcome outcome = run(List.of("-XX:AOTCache=" + cache), "key", "new");
    assertThat(outcome.status()).isZero();
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output().lines()).hasSize(4).allMatch(line -> line.matches("\\w+: +\\S+"));
  }

  private record Outcome(int status, String output, String errors) {}

  private static Outcome run(List<String> options, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + OPTIONS);
    command.addAll(options);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "dev.sluice.origin.cli.Main"));
    command.addAll(Arrays.asList(arguments));
    Path errors = Files.createTempFile("sluice", ".err");
    var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(errors);
    Files.delete(errors);
    return new Outcome(process.exitValue(), output, said);
  }
}
