package dev.sluice.origin.oracle;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program run to its end, within a time. Its streams go through files, so none can block it. */
final class Command {
  private static final long OUTPUT_MAX_BYTES = 64L << 20;
  private static final Redirect NOTHING = Redirect.from(new File("/dev/null"));

  private Command() {}

  /**
   * How a program ended.
   *
   * @param status the exit status
   */
  record Ended(int status, String output, String errors) {

    /** Itself, if the status is 0. */
    Ended requireSuccess(List<String> command) {
      if (status != 0) {
        throw new AssertionError(
            "%s: status %d (expected: 0): %s".formatted(command.getFirst(), status, errors));
      }
      return this;
    }
  }

  /** Runs a program; it and what it started are killed when it takes longer than {@code limit}. */
  static Ended run(Duration limit, Optional<Path> input, List<String> command) {
    try {
      Path output = Files.createTempFile("command", ".out");
      Path errors = Files.createTempFile("command", ".err");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectInput(input.map(Path::toFile).map(Redirect::from).orElse(NOTHING))
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        return new Ended(await(process, limit, command), text(output), text(errors));
      } finally {
        Files.delete(output);
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int await(Process process, Duration limit, List<String> command) {
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
      throw new AssertionError("%s: still running after %s".formatted(command, limit));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + command, e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String text(Path file) throws IOException {
    if (Files.size(file) > OUTPUT_MAX_BYTES) {
      throw new AssertionError(
          "output: %d bytes (expected: <= %d)".formatted(Files.size(file), OUTPUT_MAX_BYTES));
    }
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
