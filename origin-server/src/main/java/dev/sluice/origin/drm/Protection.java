package dev.sluice.origin.drm;

import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;

/** What a manifest says of a track that is encrypted. */
public sealed interface Protection permits ContentProtection, SegmentEncryption {

  /** How it is encrypted: never {@code CLEAR}. */
  Scheme scheme();

  /** The key's id. */
  KeyId keyId();
}
