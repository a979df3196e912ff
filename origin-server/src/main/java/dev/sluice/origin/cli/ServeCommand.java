package dev.sluice.origin.cli;

import dev.sluice.origin.app.Server;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

  @Option(names = "--media", required = true, paramLabel = "DIR", description = "The media root.")
  private Path media;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The catalog and its keys.")
  private Path data;

  @Override
  public Integer call() throws Exception {
    if (!Files.isDirectory(media)) {
      spec.commandLine()
          .getErr()
          .println("sluice: --media: %s (expected: a folder)".formatted(media));
      return SluiceCommand.REFUSED;
    }
    var server = Server.start(arguments.toOptions(root, media, data));
    untilTold(server, spec.commandLine().getOut(), () -> {}, () -> {});
    return SluiceCommand.DONE;
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
              server.close();
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
