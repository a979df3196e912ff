package dev.sluice.origin.cli;

import dev.sluice.origin.app.Server;
import dev.sluice.origin.delivery.Fragments;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.track.TitleReader;
import dev.sluice.origin.track.Track;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice asset}: commands on containers of media. */
@Command(
    name = "asset",
    description = "Looks at containers of media.",
    mixinStandardHelpOptions = true,
    subcommands = AssetCommand.Check.class)
@SuppressWarnings("NullAway.Init") // picocli sets them all
final class AssetCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command: check");
  }

  /** {@code sluice asset check}: reads a container as the server would. */
  @Command(
      name = "check",
      description = "Reads a container as the server would, and prints its tracks and problems.",
      mixinStandardHelpOptions = true)
  @SuppressWarnings("NullAway.Init") // picocli sets them all
  static final class Check implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "PATH", description = "The folder of the container.")
    private Path path;

    @Option(
        names = "--manifest",
        paramLabel = "FILE",
        description = "The server manifest in it, where it has several.")
    private String manifest = "";

    @Override
    public Integer call() {
      Path folder = path.toAbsolutePath().normalize();
      Path name = folder.getFileName();
      if (!Files.isDirectory(folder) || name == null) {
        spec.commandLine().getErr().println("sluice: %s (expected: a folder)".formatted(path));
        return SluiceCommand.REFUSED;
      }
      var store = new FileObjectStore(folder.resolveSibling("."));
      var report =
          new TitleReader(store, Server.MAX_TRACKS)
              .check(
                  name.toString(),
                  Optional.of(manifest).filter(m -> !m.isEmpty()),
                  name.toString());
      var out = spec.commandLine().getOut();
      List<String> faults = new ArrayList<>();
      report.title().ifPresent(title -> title.tracks().forEach(t -> print(t, out)));
      report
          .title()
          .ifPresent(title -> title.tracks().forEach(t -> faults.addAll(encryptAll(store, t))));
      report.problems().forEach(problem -> out.println("problem: " + problem));
      faults.forEach(fault -> out.println("problem: " + fault));
      boolean plays = report.title().isPresent() && faults.isEmpty();
      if (!plays) {
        spec.commandLine().getErr().println("sluice: the container cannot be served as it is");
      }
      return plays ? SluiceCommand.DONE : SluiceCommand.REFUSED;
    }

    /** Plans the encryption of every fragment, since one that cannot be planned is never served. */
    private static List<String> encryptAll(FileObjectStore store, Track track) {
      var problems = new ArrayList<String>();
      try (var object = store.open(track.object())) {
        for (int fragment = 0; fragment < track.fragments().count(); fragment++) {
          Fragments.check(object, track, fragment)
              .ifPresent(problem ->
                  problems.add(
                      "%s %d: %s under %s"
                          .formatted(track.name(), track.bitrate(), problem, Scheme.CENC)));
          if (problems.size() >= MAX_PROBLEMS) {
            break;
          }
        }
      }
      return problems;
    }

    private static final int MAX_PROBLEMS = 20;

    private static void print(Track track, PrintWriter out) {
      var fragments = track.fragments();
      out.println(
          String.format(
              Locale.ROOT,
              "%s %s bitrate=%d codec=%s language=%s fragments=%d seconds=%.3f in %s",
              track.kind().name().toLowerCase(Locale.ROOT),
              track.name(),
              track.bitrate(),
              track.codec().codecString(track.fourCc()),
              track.language(),
              fragments.count(),
              (double) (fragments.endTicks() - fragments.startTicks(0)) / track.timescale(),
              track.object().path()));
    }
  }
}
