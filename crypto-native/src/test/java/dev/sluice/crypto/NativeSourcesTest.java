package dev.sluice.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The C sources by themselves: with sanitizers, at the edges of memory that nobody may touch, and
 * on an emulated ARMv8 processor where one can be had. The scripts are in {@code src/test/c}.
 */
@Timeout(120)
final class NativeSourcesTest {

  @TempDir Path folder;

  @Test
  void touchesNothingThatItMayNotAndGivesWhatTheReferenceGives() throws Exception {
    Engines.assumeNative();
    String output = run("src/test/c/driver.sh", folder.toString(), "3000", "11");
    assertThat(output.lines().filter(line -> line.contains("3000 random inputs"))).hasSize(2);
  }

  @Test
  void survivesMappingsOfFilesThatAreShorterAndLeavesNoKeyBehind() throws Exception {
    Engines.assumeNative();
    assertThat(run("src/test/c/guard.sh", folder.toString())).isEqualTo("guard: ok\n");
  }

  @Test
  void survivesMappingsOnArm() throws Exception {
    assumeTrue(where("aarch64-linux-gnu-gcc").isPresent(), "no compiler for ARMv8");
    Path emulator = where("qemu-aarch64-static").orElse(Path.of(""));
    assumeTrue(Files.isExecutable(emulator), "no emulator of ARMv8");
    var builder =
        new ProcessBuilder("sh", "src/test/c/guard.sh", folder.toString(), emulator.toString());
    builder.environment().put("CC", "aarch64-linux-gnu-gcc");
    assertThat(run(builder)).isEqualTo("guard: ok\n");
  }

  @Test
  void givesWhatTheReferenceGivesOnArm() throws Exception {
    assumeTrue(where("aarch64-linux-gnu-gcc").isPresent(), "no compiler for ARMv8");
    assumeTrue(where("qemu-aarch64-static").isPresent(), "no emulator of ARMv8");
    assertThat(run("src/test/c/arm.sh", folder.toString(), "400", "12"))
        .contains("driver: 1 levels");
  }

  @Test
  void buildsNothingWithoutACompilerAndSaysSo() throws Exception {
    Path tools = Files.createDirectory(folder.resolve("bin"));
    for (String tool : List.of("sh", "dirname", "uname", "rm")) {
      Files.createSymbolicLink(tools.resolve(tool), where(tool).orElseThrow());
    }
    Path library = folder.resolve("native");
    var process =
        new ProcessBuilder(
            tools.resolve("sh").toString(), "src/main/c/build.sh", library.toString());
    process.environment().clear();
    process.environment().put("PATH", tools.toString());
    assertThat(run(process))
        .isEqualTo(
            "[WARNING] native ciphers: not built: no C compiler was found; ciphers of the JDK will"
                + " be used (in Debian: apt-get install gcc libc6-dev)\n");
    assertThat(library).doesNotExist();
  }

  @Test
  void buildsNothingWithACompilerThatCannotAndSaysSo() throws Exception {
    Path library = Files.createDirectories(folder.resolve("native"));
    var process = new ProcessBuilder("sh", "src/main/c/build.sh", library.toString());
    process.environment().put("CC", "false of several words");
    assertThat(run(process))
        .startsWith(
            "[WARNING] native ciphers: not built: false of several words builds no library, or is too"
                + " old (expected: gcc 8, clang 7, or later); ciphers of the JDK will be used");
    assertThat(library).doesNotExist();
  }

  @Test
  void needsNoLateReleaseOfGlibc() throws Exception {
    Engines.assumeNative();
    Path library = folder.resolve("native");
    assertThat(run("src/main/c/build.sh", library.toString())).isEmpty();
    try (Stream<Path> files = Files.walk(library)) {
      Path built = files.filter(Files::isRegularFile).findFirst().orElseThrow();
      var needed =
          Pattern.compile("GLIBC_2\\.(\\d+)")
              .matcher(Files.readString(built, StandardCharsets.ISO_8859_1))
              .results()
              .map(found -> Integer.parseInt(found.group(1)))
              .toList();
      // The oldest of ARMv8. Of x86-64, it is 2.14.
      assertThat(needed).isNotEmpty().allMatch(release -> release <= 17);
    }
  }

  private static String run(String... script) throws Exception {
    List<String> command = new ArrayList<>(List.of("sh"));
    command.addAll(List.of(script));
    return run(new ProcessBuilder(command));
  }

  /** What it prints; it has to succeed. */
  private static String run(ProcessBuilder builder) throws Exception {
    Process process = builder.redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  private static Optional<Path> where(String command) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, command))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
