package dev.sluice.origin.catalog;

import dev.sluice.origin.media.KeyId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The documents in force. A change is seen by every call within a second of being applied. Calls
 * may block on the store.
 */
public interface Catalog {

  /**
   * The documents that calls are answered from now. Does not block. What was found while this
   * stayed the same instance was in force together, and still is.
   */
  Edition edition();

  /** The asset of this name. */
  Optional<Document.Asset> findAsset(String name);

  /** The locator of this id. */
  Optional<Document.StreamingLocator> findLocator(UUID id);

  /** The locators of an asset, by id. */
  List<Document.StreamingLocator> locatorsOf(String asset);

  /** The delivery policy of this name. */
  Optional<Document.AssetDeliveryPolicy> findDeliveryPolicy(String name);

  /** The content key of this id, without its value. */
  Optional<Document.ContentKey> findContentKey(KeyId id);

  /** The authorization policy of this name. */
  Optional<Document.ContentKeyAuthorizationPolicy> findAuthorizationPolicy(String name);

  /** The filter of this name, whether it is of one asset or of all. */
  Optional<Document.Filter> findFilter(String name);

  /** All assets, by name, at most {@code limit} from the first behind {@code after}. */
  List<Document.Asset> assetsAfter(String after, int limit);

  /** Whether any access policy exists, which makes an unknown asset answer as a forbidden one. */
  boolean hasAccessPolicies();

  /** Which value a content key has. Does not block. */
  Optional<KeyVersion> keyVersion(KeyId id);

  /**
   * The value of a content key. Ownership: the caller closes it.
   *
   * @throws dev.sluice.origin.failure.ServerFailure if it cannot be unwrapped
   */
  Optional<dev.sluice.origin.key.ContentKey> unwrap(KeyId id);
}
