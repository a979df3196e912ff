package dev.sluice.origin.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code sluice delete}: deletes a document that no other names. */
@Command(
    name = "delete",
    description = "Deletes a document of the catalog that no other names.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets them all
final class DeleteCommand implements Callable<Integer> {
  @ParentCommand private SluiceCommand root;
  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private CatalogOptions catalog;

  @Parameters(index = "0", paramLabel = "KIND", description = "Asset, ContentKey and so on.")
  private String kind;

  @Parameters(index = "1", paramLabel = "NAME", description = "Its name, or its id.")
  private String name;

  @Override
  public Integer call() throws IOException {
    try (CatalogAccess access = catalog.openExisting(root)) {
      access.delete(kind, name);
    }
    spec.commandLine().getOut().println("deleted %s \"%s\"".formatted(kind, name));
    return SluiceCommand.DONE;
  }
}
