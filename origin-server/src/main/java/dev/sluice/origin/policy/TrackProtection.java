package dev.sluice.origin.policy;

import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;

/** How one track is delivered. */
public sealed interface TrackProtection {
  /** As it is stored. */
  record Clear() implements TrackProtection {}

  /** Encrypted by a scheme other than clear, under this key. */
  record Encrypted(Scheme scheme, KeyId keyId) implements TrackProtection {}
}
