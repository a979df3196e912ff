package dev.sluice.origin.cli;

import dev.sluice.origin.catalog.ApplyResult;
import dev.sluice.origin.catalog.CatalogDocuments;
import dev.sluice.origin.catalog.DocumentReader;
import dev.sluice.origin.catalog.ParsedDocument;
import dev.sluice.origin.catalog.StoredCatalog;
import dev.sluice.origin.key.MasterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The catalog of a data folder, whether a server runs on it or not. */
final class FolderAccess implements CatalogAccess {
  private final StoredCatalog catalog;
  private final CatalogDocuments documents;

  private FolderAccess(StoredCatalog catalog) {
    this.catalog = catalog;
    this.documents = new CatalogDocuments(catalog);
  }

  static FolderAccess open(Path folder, Optional<String> masterKey) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    var random = new SecureRandom();
    return new FolderAccess(
        StoredCatalog.open(folder, MasterKey.open(masterKey, folder, random), random));
  }

  @Override
  public List<String> apply(List<DocumentSource> sources) {
    List<ParsedDocument> parsed = new ArrayList<>();
    for (DocumentSource source : sources) {
      parsed.addAll(
          DocumentReader.read(source.json().toArray(), sources.size() == 1 ? "" : source.name()));
    }
    ApplyResult result = catalog.apply(parsed);
    List<String> lines = new ArrayList<>();
    result.created().forEach(label -> lines.add("created " + label));
    result.updated().forEach(label -> lines.add("updated " + label));
    result.unchanged().forEach(label -> lines.add("unchanged " + label));
    return lines;
  }

  @Override
  public Optional<String> find(String kind, String name, boolean secrets) {
    return documents.getJson(kind, name, secrets);
  }

  @Override
  public String list(String kind, boolean secrets) {
    return documents.listJson(kind, secrets);
  }

  @Override
  public void delete(String kind, String name) {
    documents.delete(kind, name);
  }

  @Override
  public void close() {
    catalog.close();
  }
}
