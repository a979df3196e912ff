package dev.sluice.origin.cli;

import java.util.List;
import java.util.Optional;

/** The documents of a catalog, wherever it is. */
interface CatalogAccess extends AutoCloseable {
  /** Applies the documents of all sources, all or none; what to print of it, a line each. */
  List<String> apply(List<DocumentSource> sources);

  /** A document as JSON. */
  Optional<String> find(String kind, String name, boolean secrets);

  /** All documents of a kind as a JSON list. */
  String list(String kind, boolean secrets);

  /** Deletes a document. */
  void delete(String kind, String name);

  @Override
  void close();
}
