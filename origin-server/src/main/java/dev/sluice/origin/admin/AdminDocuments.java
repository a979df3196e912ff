package dev.sluice.origin.admin;

import java.util.Optional;

/**
 * The catalog's documents as the admin listener sees them: JSON text. Secrets are masked unless
 * asked for. Calls may block.
 */
public interface AdminDocuments {

  /** The document of this kind and name. */
  Optional<String> findJson(String kind, String name, boolean secrets);

  /** All documents of a kind, a JSON array. */
  String listJson(String kind, boolean secrets);

  /**
   * Applies a document.
   *
   * @throws dev.sluice.origin.failure.CallerFailure if it is refused, with the reason
   */
  void put(String kind, String name, String json);

  /**
   * Applies an array of documents, all or none.
   *
   * @return what was done, JSON
   * @throws dev.sluice.origin.failure.CallerFailure if one is refused, with the reason
   */
  String apply(String json);

  /**
   * Deletes a document.
   *
   * @return whether there was one
   * @throws dev.sluice.origin.failure.CallerFailure if another document needs it
   */
  boolean delete(String kind, String name);
}
