package dev.sluice.origin.policy;

import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.media.Scheme;

/** How an asset is delivered to one request, before the tracks are looked at. */
public sealed interface DeliveryDecision {
  /** As it is stored. */
  record Clear() implements DeliveryDecision {}

  /** Encrypted by a scheme other than clear, as the policy says. */
  record Encrypted(Scheme scheme, Document.AssetDeliveryPolicy policy)
      implements DeliveryDecision {}
}
