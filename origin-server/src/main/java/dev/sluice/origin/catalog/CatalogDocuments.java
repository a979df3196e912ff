package dev.sluice.origin.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.KeyId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The documents of a catalog as JSON: what the commands and the admin listener read and write. */
public final class CatalogDocuments {
  /** How many assets are looked at in one change, since each may mean reading media. */
  private static final int MAX_CHECKED = 20;

  private final StoredCatalog catalog;
  private final AssetCheck check;

  /** The documents of this catalog, where no media is at hand. */
  public CatalogDocuments(StoredCatalog catalog) {
    this(catalog, AssetCheck.NONE);
  }

  /**
   * The documents of this catalog.
   *
   * @param check of the first 20 assets that a change touches and it concerns; the others are
   *     checked when they are asked for
   */
  public CatalogDocuments(StoredCatalog catalog, AssetCheck check) {
    this.catalog = catalog;
    this.check = check;
  }

  /**
   * A document as JSON; empty if there is none of this name.
   *
   * @param secrets whether its secrets are written; else each is {@code ***}
   */
  public Optional<String> getJson(String kind, String name, boolean secrets) {
    return find(StoredCatalog.requireKind(kind), name)
        .map(document -> print(tree(document, secrets)));
  }

  /** All documents of a kind as a JSON list, by name. */
  public String listJson(String kind, boolean secrets) {
    var list = DocumentReader.MAPPER.createArrayNode();
    catalog
        .all(StoredCatalog.requireKind(kind))
        .forEach(document -> list.add(tree(document, secrets)));
    return print(list);
  }

  /** Applies documents, all or none. */
  public ApplyResult applyJson(String json) {
    return apply(DocumentReader.read(json.getBytes(StandardCharsets.UTF_8)));
  }

  /** Applies one document, which must be of this kind and name. */
  public ApplyResult applyJson(String kind, String name, String json) {
    Kind wanted = StoredCatalog.requireKind(kind);
    List<ParsedDocument> documents = DocumentReader.read(json.getBytes(StandardCharsets.UTF_8));
    boolean fits =
        documents.size() == 1
            && Kind.of(documents.getFirst().document()) == wanted
            && documents.getFirst().document().name().equals(normalized(wanted, name));
    if (!fits) {
      documents.forEach(document -> document.keyValue().ifPresent(ContentKey::close));
      throw CatalogValidation.refused(
          "document: another than the address names (expected: one %s \"%s\")"
              .formatted(wanted.word(), Fields.shown(name)));
    }
    return apply(documents);
  }

  /** Ownership: takes the keys in the documents, and wipes them. */
  private ApplyResult apply(List<ParsedDocument> documents) {
    try {
      new Candidates(catalog, documents)
          .assets()
          .filter(check::concerns)
          .limit(MAX_CHECKED)
          .forEach(check::check);
    } catch (RuntimeException e) {
      documents.forEach(document -> document.keyValue().ifPresent(ContentKey::close));
      throw e;
    }
    return catalog.apply(documents);
  }

  /** Deletes a document, which no other may name. */
  public void delete(String kind, String name) {
    Kind parsed = StoredCatalog.requireKind(kind);
    catalog.delete(parsed, normalized(parsed, name));
  }

  private Optional<Document> find(Kind kind, String name) {
    return catalog.find(kind, normalized(kind, name));
  }

  /** A name as it is kept: GUIDs are in lower case. */
  private static String normalized(Kind kind, String name) {
    return switch (kind) {
      case CONTENT_KEY, STREAMING_LOCATOR -> KeyId.parse(name).map(KeyId::toString).orElse(name);
      case ASSET, ASSET_DELIVERY_POLICY, CONTENT_KEY_AUTHORIZATION_POLICY, FILTER, ACCESS_POLICY ->
          name;
    };
  }

  private ObjectNode tree(Document document, boolean secrets) {
    ObjectNode tree = DocumentWriter.write(document, secrets);
    if (document instanceof Document.ContentKey key) {
      tree.put("value", secrets ? value(key) : DocumentWriter.MASK);
    }
    return tree;
  }

  private String value(Document.ContentKey key) {
    try (ContentKey unwrapped =
        catalog
            .unwrap(key.id())
            .orElseThrow(() -> new IllegalStateException("every content key has a value"))) {
      byte[] value = unwrapped.copyValue();
      String base64 = Encodings.base64(value);
      Arrays.fill(value, (byte) 0);
      return base64;
    }
  }

  private static String print(JsonNode tree) {
    try {
      return DocumentReader.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }
}
