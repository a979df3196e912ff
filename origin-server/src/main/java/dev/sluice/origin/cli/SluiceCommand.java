package dev.sluice.origin.cli;

import dev.sluice.origin.config.SettingsException;
import dev.sluice.origin.failure.Failure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the commands: {@code sluice COMMAND}. */
@Command(
    name = "sluice",
    description = "A streaming origin that encrypts as it serves.",
    mixinStandardHelpOptions = true,
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      ApplyCommand.class,
      GetCommand.class,
      DeleteCommand.class,
      AssetCommand.class,
      UrlsCommand.class,
      KeyCommand.class,
      InspectCommand.class,
      TrainCommand.class
    })
final class SluiceCommand implements Runnable {
  /** Done. */
  static final int DONE = 0;

  /** Refused or found wrong. */
  static final int REFUSED = 1;

  /** Wrong usage. */
  static final int USAGE = 2;

  private final Map<String, String> environment;
  @Spec private CommandSpec spec = CommandSpec.create();

  private SluiceCommand(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * Runs a command.
   *
   * @return its exit code
   */
  static int run(
      Map<String, String> environment, PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new SluiceCommand(environment))
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler((e, line, _) -> refuse(e, line.getErr()))
        .execute(args);
  }

  /** A variable of the environment. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** The folder of the program, where the launcher names it. */
  Optional<Path> home() {
    return variable("SLUICE_HOME").map(Path::of);
  }

  private static int refuse(Exception e, PrintWriter err) {
    String reason =
        switch (e) {
          case Failure failure -> failure.detail();
          case SettingsException settings -> String.valueOf(settings.getMessage());
          case IOException io -> IoReasons.withFile(io);
          default -> "internal error: " + e;
        };
    err.println("sluice: " + reason);
    return REFUSED;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }
}
