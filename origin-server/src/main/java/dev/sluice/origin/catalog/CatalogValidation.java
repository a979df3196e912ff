package dev.sluice.origin.catalog;

import dev.sluice.origin.catalog.Document.Asset;
import dev.sluice.origin.catalog.Document.AssetDeliveryPolicy;
import dev.sluice.origin.catalog.Document.ContentKey;
import dev.sluice.origin.catalog.Document.DeliveryType;
import dev.sluice.origin.catalog.Document.KeyType;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checks that all documents of a catalog fit each other. */
final class CatalogValidation {
  /** How many access policies a catalog may have. */
  static final int ACCESS_POLICIES_MAX = 20;

  private final Snapshot catalog;

  private CatalogValidation(Snapshot catalog) {
    this.catalog = catalog;
  }

  /**
   * Checks a catalog as it would be.
   *
   * @throws CallerFailure that names the first document that does not fit
   */
  static void check(Snapshot catalog) {
    var validation = new CatalogValidation(catalog);
    for (Document asset : catalog.all(Kind.ASSET)) {
      validation.check((Asset) asset);
    }
    for (Document locator : catalog.all(Kind.STREAMING_LOCATOR)) {
      validation.check((Document.StreamingLocator) locator);
    }
    for (Kind kind : Kind.values()) {
      catalog.all(kind).forEach(validation::requireReferences);
    }
    int policies = catalog.all(Kind.ACCESS_POLICY).size();
    if (policies > ACCESS_POLICIES_MAX) {
      throw refused("AccessPolicy: %d (expected: at most 20 a catalog)".formatted(policies));
    }
  }

  /** The documents that a document names, with the member that names them. */
  static List<Reference> references(Document document) {
    List<Reference> out = new ArrayList<>();
    switch (document) {
      case Asset asset -> {
        add(out, "deliveryPolicies", Kind.ASSET_DELIVERY_POLICY, asset.deliveryPolicies());
        add(
            out,
            "contentKeys",
            Kind.CONTENT_KEY,
            asset.contentKeys().stream().map(KeyId::toString).toList());
        add(out, "filters", Kind.FILTER, asset.filters());
        add(out, "accessPolicies", Kind.ACCESS_POLICY, asset.accessPolicies());
      }
      case ContentKey key ->
          add(
              out,
              "authorizationPolicy",
              Kind.CONTENT_KEY_AUTHORIZATION_POLICY,
              key.authorizationPolicy().stream().toList());
      case Document.StreamingLocator locator -> {
        add(out, "asset", Kind.ASSET, List.of(locator.asset()));
        add(out, "filters", Kind.FILTER, locator.filters());
      }
      case Document.Filter filter ->
          add(out, "asset", Kind.ASSET, filter.asset().stream().toList());
      case AssetDeliveryPolicy _,
          Document.ContentKeyAuthorizationPolicy _,
          Document.AccessPolicy _ -> {}
    }
    return out;
  }

  private static void add(List<Reference> out, String field, Kind kind, List<String> names) {
    names.forEach(name -> out.add(new Reference(field, kind, name)));
  }

  private void requireReferences(Document document) {
    for (Reference reference : references(document)) {
      if (catalog.find(reference.kind(), reference.name()).isEmpty()) {
        throw refused(
            "%s: %s: %s (expected: the name of %s %s in the catalog)"
                .formatted(
                    label(document),
                    reference.field(),
                    reference.name(),
                    reference.kind().word().startsWith("A") ? "an" : "a",
                    reference.kind().word()));
      }
    }
  }

  private void check(Asset asset) {
    requireReferences(asset);
    List<ContentKey> keys =
        asset.contentKeys().stream()
            .flatMap(id -> catalog.find(ContentKey.class, Kind.CONTENT_KEY, id.toString()).stream())
            .toList();
    List<AssetDeliveryPolicy> policies =
        asset.deliveryPolicies().stream()
            .flatMap(name ->
                catalog.find(AssetDeliveryPolicy.class, Kind.ASSET_DELIVERY_POLICY, name).stream())
            .toList();
    requireOneOfEachType(asset, policies);
    for (AssetDeliveryPolicy policy : policies) {
      checkKeys(asset, keys, policy);
      keys.forEach(key -> requireOneIv(asset, key, policy));
    }
    requireOwnFilters(asset, asset.name(), asset.filters());
  }

  private void check(Document.StreamingLocator locator) {
    requireReferences(locator);
    requireOwnFilters(locator, locator.asset(), locator.filters());
  }

  private void requireOwnFilters(Document document, String asset, List<String> filters) {
    for (String name : filters) {
      catalog
          .find(Document.Filter.class, Kind.FILTER, name)
          .flatMap(Document.Filter::asset)
          .filter(owner -> !owner.equals(asset))
          .ifPresent(owner -> {
            throw refused(
                "%s: filters: %s (expected: a Filter of this asset or of all; it is of \"%s\")"
                    .formatted(label(document), name, owner));
          });
    }
  }

  /** Two policies that do the same to one protocol: nothing says whose settings hold. */
  private static void requireOneOfEachType(Asset asset, List<AssetDeliveryPolicy> policies) {
    for (int i = 0; i < policies.size(); i++) {
      AssetDeliveryPolicy one = policies.get(i);
      for (AssetDeliveryPolicy other : policies.subList(i + 1, policies.size())) {
        Optional<Protocol> both =
            one.protocols().stream().filter(other.protocols()::contains).findFirst();
        if (one.type() == other.type() && one.type() != DeliveryType.BLOCKED && both.isPresent()) {
          throw refused(
              "%s: deliveryPolicies: \"%s\" and \"%s\" are both of type %s for %s"
                      .formatted(
                          label(asset),
                          one.name(),
                          other.name(),
                          Words.of(one.type()),
                          Words.of(both.get()))
                  + " (expected: one policy of a type for a protocol)");
        }
      }
    }
  }

  private static void requireOneIv(Asset asset, ContentKey key, AssetDeliveryPolicy policy) {
    if (PolicyIvs.conflict(key, policy)) {
      throw refused(
          "%s: contentKeys: %s has another iv than delivery policy \"%s\" gives keys of type %s"
                  .formatted(label(asset), key.name(), policy.name(), Words.of(key.type()))
              + " (expected: one, or the same in both)");
    }
  }

  private static void checkKeys(Asset asset, List<ContentKey> keys, AssetDeliveryPolicy policy) {
    Optional<KeyType> wanted = keyType(policy.type());
    if (wanted.isEmpty() || keys.isEmpty()) {
      return;
    }
    List<ContentKey> fitting = keys.stream().filter(key -> key.type() == wanted.get()).toList();
    if (fitting.isEmpty()) {
      throw refused(
          "%s: contentKeys: only of type %s (expected: one of type %s, which delivery policy"
                  .formatted(label(asset), types(keys), Words.of(wanted.get()))
              + " \"%s\" needs)".formatted(policy.name()));
    }
    List<ContentKey> ofAllTracks = fitting.stream().filter(key -> key.tracks().isEmpty()).toList();
    if (ofAllTracks.size() > 1) {
      throw refused(
          "%s: contentKeys: %s and %s (expected: one key of type %s for a track; both are for all)"
              .formatted(
                  label(asset),
                  ofAllTracks.get(0).name(),
                  ofAllTracks.get(1).name(),
                  Words.of(wanted.get())));
    }
  }

  private static String types(List<ContentKey> keys) {
    return keys.stream()
        .map(key -> Words.of(key.type()))
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** The type of key that a delivery type encrypts with. */
  private static Optional<KeyType> keyType(DeliveryType type) {
    return switch (type) {
      case BLOCKED, NO_DYNAMIC_ENCRYPTION -> Optional.empty();
      case DYNAMIC_ENVELOPE_ENCRYPTION -> Optional.of(KeyType.ENVELOPE_ENCRYPTION);
      case DYNAMIC_COMMON_ENCRYPTION -> Optional.of(KeyType.COMMON_ENCRYPTION);
      case DYNAMIC_COMMON_ENCRYPTION_CBCS -> Optional.of(KeyType.COMMON_ENCRYPTION_CBCS);
    };
  }

  /** Whether keys of this type run AES in CBC; the others run it in CTR. */
  static boolean isCbc(KeyType type) {
    return switch (type) {
      case COMMON_ENCRYPTION_CBCS, ENVELOPE_ENCRYPTION -> true;
      case COMMON_ENCRYPTION, STORAGE_ENCRYPTION -> false;
    };
  }

  /** A document as messages name it. */
  static String label(Document document) {
    return "%s \"%s\"".formatted(Kind.of(document).word(), document.name());
  }

  static CallerFailure refused(String message) {
    return new CallerFailure(FailureCode.BAD_REQUEST, message);
  }

  /** That a member names a document. */
  record Reference(String field, Kind kind, String name) {}
}
