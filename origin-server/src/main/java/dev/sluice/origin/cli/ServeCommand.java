package dev.sluice.origin.cli;

import dev.sluice.origin.app.Server;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code sluice serve}: serves the media of a folder by the catalog of another. */
@Command(
    name = "serve",
    description = "Serves the media of --media by the catalog in --data.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets them all
final class ServeCommand implements Callable<Integer> {
  @ParentCommand private SluiceCommand root;
  @Spec private CommandSpec spec;
  @Mixin private ServerArguments arguments;

  @Option(names = "--media", paramLabel = "DIR", description = "The media root.")
  private @Nullable Path media;

  @Option(names = "--data", paramLabel = "DIR", description = "The catalog and its keys.")
  private @Nullable Path data;

  @Override
  public Integer call() throws Exception {
    var settings = arguments.read(root.home());
    Path mediaRoot = folder("media", media, settings.media());
    if (!Files.isDirectory(mediaRoot)) {
      spec.commandLine()
          .getErr()
          .println("sluice: media: %s (expected: a folder that exists)".formatted(mediaRoot));
      return SluiceCommand.REFUSED;
    }
    var server =
        Server.start(
            settings,
            mediaRoot,
            folder("data", data, settings.data()),
            root.variable("SLUICE_MASTER_KEY"));
    untilTold(server, spec.commandLine().getOut(), () -> {}, () -> {});
    return SluiceCommand.DONE;
  }

  private Path folder(String name, @Nullable Path option, Optional<String> setting) {
    return Optional.ofNullable(option)
        .or(() -> setting.map(Path::of))
        .orElseThrow(() ->
            new ParameterException(
                spec.commandLine(),
                "%s: absent (expected: --%s DIR, or %s in the settings file)"
                    .formatted(name, name, name)));
  }

  /**
   * Says that the server is ready, and waits. When the process is told to end, the server is
   * closed, {@code whenClosed} runs, and the process exits with 0.
   */
  static void untilTold(Server server, PrintWriter out, Runnable whenReady, Runnable whenClosed)
      throws InterruptedException {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              server.closeAtExit();
              whenClosed.run();
              // Without it the exit code would be that of the signal.
              Runtime.getRuntime().halt(SluiceCommand.DONE);
            }));
    out.println(
        "sluice: ready http=%d https=%d admin=%d"
            .formatted(server.httpPort(), server.httpsPort(), server.adminPort()));
    whenReady.run();
    out.flush();
    new CountDownLatch(1).await();
  }
}
