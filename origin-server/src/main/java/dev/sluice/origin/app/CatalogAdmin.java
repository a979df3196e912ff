package dev.sluice.origin.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.origin.admin.AdminDocuments;
import dev.sluice.origin.catalog.CatalogDocuments;
import java.util.Optional;

/** The catalog behind the admin listener. */
final class CatalogAdmin implements AdminDocuments {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CatalogDocuments documents;

  CatalogAdmin(CatalogDocuments documents) {
    this.documents = documents;
  }

  @Override
  public Optional<String> findJson(String kind, String name, boolean secrets) {
    return documents.getJson(kind, name, secrets);
  }

  @Override
  public String listJson(String kind, boolean secrets) {
    return documents.listJson(kind, secrets);
  }

  @Override
  public void put(String kind, String name, String json) {
    documents.applyJson(kind, name, json);
  }

  @Override
  public String apply(String json) {
    return JSON.valueToTree(documents.applyJson(json)).toString();
  }

  @Override
  public boolean delete(String kind, String name) {
    if (documents.getJson(kind, name, /* secrets= */ false).isEmpty()) {
      return false;
    }
    documents.delete(kind, name);
    return true;
  }
}
