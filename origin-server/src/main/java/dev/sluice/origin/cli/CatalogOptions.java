package dev.sluice.origin.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the catalog is: one of two options. */
final class CatalogOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data folder, whether a server runs on it or not.")
  private @Nullable Path data;

  @Option(
      names = "--admin",
      paramLabel = "URL",
      description = "The admin listener of a running server.")
  private @Nullable URI admin;

  CatalogAccess open(SluiceCommand root) throws IOException {
    Optional<Path> folder = Optional.ofNullable(data);
    if (folder.isPresent()) {
      return FolderAccess.open(folder.get(), root.variable("SLUICE_MASTER_KEY"));
    }
    return AdminAccess.open(Optional.ofNullable(admin).orElseThrow());
  }
}
