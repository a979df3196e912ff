package dev.sluice.origin.admin;

import java.util.Optional;

/**
 * The catalog's documents as the admin listener sees them: JSON text, with secrets masked. Calls
 * may block.
 */
public interface AdminDocuments {

  /** The document of this kind and name. */
  Optional<String> findJson(String kind, String name);

  /** All documents of a kind, a JSON array. */
  String listJson(String kind);

  /**
   * Applies a document.
   *
   * @throws dev.sluice.origin.failure.CallerFailure if it is refused, with the reason
   */
  void put(String kind, String name, String json);

  /**
   * Deletes a document.
   *
   * @return whether there was one
   * @throws dev.sluice.origin.failure.CallerFailure if another document needs it
   */
  boolean delete(String kind, String name);
}
