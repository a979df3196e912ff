package dev.sluice.origin.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code sluice apply}: brings documents into force, all or none. */
@Command(
    name = "apply",
    description = "Checks catalog documents and applies them, all or none.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets them all
final class ApplyCommand implements Callable<Integer> {
  @ParentCommand private SluiceCommand root;
  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private CatalogOptions catalog;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE|DIR|-",
      required = true,
      description = "A file, the .json files of a folder, or - for standard input.")
  private List<String> files;

  @Override
  public Integer call() throws IOException {
    List<DocumentSource> sources = new ArrayList<>();
    for (String file : files) {
      sources.addAll(DocumentSource.read(file, System.in));
    }
    try (CatalogAccess access = catalog.open(root)) {
      access.apply(sources).forEach(spec.commandLine().getOut()::println);
    }
    return SluiceCommand.DONE;
  }
}
