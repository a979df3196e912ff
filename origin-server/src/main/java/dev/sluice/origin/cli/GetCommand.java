package dev.sluice.origin.cli;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code sluice get}: prints a document, or all of a kind. */
@Command(
    name = "get",
    description = "Prints a document of the catalog, or all of a kind, as JSON.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets them all
final class GetCommand implements Callable<Integer> {
  @ParentCommand private SluiceCommand root;
  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private CatalogOptions catalog;

  @Parameters(index = "0", paramLabel = "KIND", description = "Asset, ContentKey and so on.")
  private String kind;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = "Its name, or its id. Without it all of the kind are printed.")
  private @Nullable String name;

  @Option(names = "--secrets", description = "Prints keys too, which are masked otherwise.")
  private boolean secrets;

  @Override
  public Integer call() throws IOException {
    Optional<String> wanted = Optional.ofNullable(name);
    try (CatalogAccess access = catalog.openExisting(root)) {
      String json =
          wanted.isEmpty()
              ? access.list(kind, secrets)
              : access
                  .find(kind, wanted.get(), secrets)
                  .orElseThrow(() ->
                      new CallerFailure(
                          FailureCode.MPE_RESOURCE_NOT_FOUND,
                          "%s \"%s\": not in the catalog".formatted(kind, wanted.get())));
      spec.commandLine().getOut().println(json.strip());
    }
    return SluiceCommand.DONE;
  }
}
