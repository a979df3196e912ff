package dev.sluice.origin.catalog;

import dev.sluice.origin.catalog.AssetCheck.Candidate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The assets that documents change or add, as they would be. */
final class Candidates {
  private final StoredCatalog catalog;
  private final Map<String, Document> given = new HashMap<>();

  Candidates(StoredCatalog catalog, List<ParsedDocument> documents) {
    this.catalog = catalog;
    documents.forEach(
        parsed -> given.put(CatalogValidation.label(parsed.document()), parsed.document()));
  }

  /** Those that are given, and those that name a policy or a key that is given; by name. */
  Stream<Candidate> assets() {
    return Stream.concat(
            catalog.all(Kind.ASSET).stream().filter(asset -> !isGiven(asset)),
            given.values().stream())
        .filter(Document.Asset.class::isInstance)
        .map(Document.Asset.class::cast)
        .filter(this::isTouched)
        .sorted((a, b) -> a.name().compareTo(b.name()))
        .map(this::candidate);
  }

  private boolean isTouched(Document.Asset asset) {
    return isGiven(asset)
        || CatalogValidation.references(asset).stream()
            .anyMatch(named -> given.containsKey(label(named.kind(), named.name())));
  }

  private boolean isGiven(Document document) {
    return given.containsKey(CatalogValidation.label(document));
  }

  private Candidate candidate(Document.Asset asset) {
    return new Candidate(
        asset,
        asset.deliveryPolicies().stream()
            .flatMap(name -> find(Kind.ASSET_DELIVERY_POLICY, name).stream())
            .map(Document.AssetDeliveryPolicy.class::cast)
            .toList(),
        asset.contentKeys().stream()
            .flatMap(id -> find(Kind.CONTENT_KEY, id.toString()).stream())
            .map(Document.ContentKey.class::cast)
            .toList());
  }

  private Optional<Document> find(Kind kind, String name) {
    return Optional.ofNullable(given.get(label(kind, name))).or(() -> catalog.find(kind, name));
  }

  private static String label(Kind kind, String name) {
    return "%s \"%s\"".formatted(kind.word(), name);
  }
}
