package dev.sluice.origin.cli;

import dev.sluice.origin.app.Server;
import dev.sluice.origin.catalog.DocumentReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code sluice demo}: serves the bundled title, protected, with a page that plays it. */
@Command(
    name = "demo",
    description = "Serves the bundled demo title, protected, with a player page.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets them all
final class DemoCommand implements Callable<Integer> {
  private static final String RESOURCES = "/dev/sluice/origin/demo/";
  private static final List<String> FILES =
      List.of("video_240.mp4", "video_360.mp4", "video_540.mp4", "audio_eng.mp4", "audio_fra.mp4");

  /** A file's time is part of its revision: the same everywhere, so are the answers. */
  private static final FileTime MADE = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

  @ParentCommand private SluiceCommand root;
  @Spec private CommandSpec spec;
  @Mixin private ServerArguments arguments;

  @Override
  public Integer call() throws Exception {
    var folder = Files.createTempDirectory("sluice-demo");
    Server server;
    try {
      server = start(folder);
    } catch (Exception e) {
      delete(folder);
      throw e;
    }
    var out = spec.commandLine().getOut();
    ServeCommand.untilTold(server, out, () -> printUrls(server, out), () -> delete(folder));
    return SluiceCommand.DONE;
  }

  private Server start(Path folder) throws Exception {
    var settings = arguments.read(root.home());
    var media = folder.resolve("media");
    unpack(Files.createDirectories(media.resolve("demo")));
    var masterKey = root.variable("SLUICE_MASTER_KEY");
    var server = Server.start(settings, media, folder.resolve("data"), masterKey);
    server.catalog().apply(DocumentReader.read(resource("demo.json")));
    return server;
  }

  private static void printUrls(Server server, PrintWriter out) {
    String base = server.publicBase();
    out.println("player     " + base + "/player/");
    for (var url : server.urls().of("demo")) {
      out.println("%-8s %-5s %s%s".formatted(url.protocol(), url.scheme(), base, url.url()));
    }
  }

  static void unpack(Path folder) throws IOException {
    for (String name : FILES) {
      var file = Files.write(folder.resolve(name), resource(name));
      Files.setLastModifiedTime(file, MADE);
    }
  }

  static byte[] resource(String name) throws IOException {
    try (var in = DemoCommand.class.getResourceAsStream(RESOURCES + name)) {
      if (in == null) {
        throw new IOException("demo title: %s is not in the jar".formatted(name));
      }
      return in.readAllBytes();
    }
  }

  private static void delete(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                Path visited, @org.jspecify.annotations.Nullable IOException e) throws IOException {
              Files.delete(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      System.err.println("sluice: the demo's temporary folder is left behind: " + folder);
    }
  }
}
