package dev.sluice.origin.cli;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
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

  /** The catalog, of a folder only if it is there: nothing is to be read in a new one. */
  CatalogAccess openExisting(SluiceCommand root) throws IOException {
    Optional<Path> folder = Optional.ofNullable(data);
    if (folder.isPresent()) {
      requireFolder(folder.get());
    }
    return open(root);
  }

  /** Refuses a data folder that is not there. */
  static void requireFolder(Path data) {
    if (!Files.isDirectory(data)) {
      throw new CallerFailure(
          FailureCode.BAD_REQUEST, "--data: %s (expected: a folder that exists)".formatted(data));
    }
  }

  CatalogAccess open(SluiceCommand root) throws IOException {
    Optional<Path> folder = Optional.ofNullable(data);
    if (folder.isPresent()) {
      return FolderAccess.open(folder.get(), root.variable("SLUICE_MASTER_KEY"));
    }
    return AdminAccess.open(Optional.ofNullable(admin).orElseThrow());
  }
}
