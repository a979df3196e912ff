package dev.sluice.origin.catalog;

import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.KeyId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A catalog of the documents that a test gives it. */
public final class CatalogOfDocuments implements Catalog {
  private final List<Document> documents = new ArrayList<>();
  private final Map<KeyId, byte[]> values = new HashMap<>();
  private Edition edition = new Edition();

  /** Adds documents. */
  public CatalogOfDocuments with(Document... added) {
    documents.addAll(List.of(added));
    edition = new Edition();
    return this;
  }

  /** Adds a key's value. */
  public CatalogOfDocuments withValue(KeyId id, byte[] value) {
    values.put(id, value.clone());
    edition = new Edition();
    return this;
  }

  @Override
  public Edition edition() {
    return edition;
  }

  @Override
  public Optional<Document.Asset> findAsset(String name) {
    return find(Document.Asset.class, name);
  }

  @Override
  public Optional<Document.StreamingLocator> findLocator(UUID id) {
    return find(Document.StreamingLocator.class, id.toString());
  }

  @Override
  public List<Document.StreamingLocator> locatorsOf(String asset) {
    return all(Document.StreamingLocator.class).stream()
        .filter(locator -> locator.asset().equals(asset))
        .toList();
  }

  @Override
  public Optional<Document.AssetDeliveryPolicy> findDeliveryPolicy(String name) {
    return find(Document.AssetDeliveryPolicy.class, name);
  }

  @Override
  public Optional<Document.ContentKey> findContentKey(KeyId id) {
    return find(Document.ContentKey.class, id.toString());
  }

  @Override
  public Optional<Document.ContentKeyAuthorizationPolicy> findAuthorizationPolicy(String name) {
    return find(Document.ContentKeyAuthorizationPolicy.class, name);
  }

  @Override
  public Optional<Document.Filter> findFilter(String name) {
    return find(Document.Filter.class, name);
  }

  @Override
  public List<Document.Asset> assetsAfter(String after, int limit) {
    return all(Document.Asset.class).stream()
        .filter(asset -> asset.name().compareTo(after) > 0)
        .limit(limit)
        .toList();
  }

  @Override
  public boolean hasAccessPolicies() {
    return !all(Document.AccessPolicy.class).isEmpty();
  }

  @Override
  public Optional<KeyVersion> keyVersion(KeyId id) {
    return Optional.ofNullable(values.get(id))
        .map(value -> new KeyVersion(HexFormat.of().formatHex(value)));
  }

  @Override
  public Optional<ContentKey> unwrap(KeyId id) {
    return Optional.ofNullable(values.get(id)).map(value -> ContentKey.taking(id, value.clone()));
  }

  private <T extends Document> Optional<T> find(Class<T> kind, String name) {
    return all(kind).stream().filter(document -> document.name().equals(name)).findFirst();
  }

  private <T extends Document> List<T> all(Class<T> kind) {
    return documents.stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .sorted(Comparator.comparing(Document::name))
        .toList();
  }
}
