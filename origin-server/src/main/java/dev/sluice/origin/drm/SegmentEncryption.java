package dev.sluice.origin.drm;

import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;

/**
 * Whole answers under AES-128-CBC, which HLS calls {@code AES-128}, DASH segment encryption ({@code
 * sea}), and the streaming service envelope encryption.
 *
 * @param keyId of the key
 * @param iv 16 bytes, the same for every init and media segment of the asset under this key
 * @param keyUrl where the 16 bytes of the key are had
 */
public record SegmentEncryption(KeyId keyId, Bytes iv, String keyUrl) implements Protection {

  /** The size of the IV: an AES block. */
  public static final int IV_BYTES = 16;

  public SegmentEncryption {
    if (iv.size() != IV_BYTES) {
      throw new IllegalArgumentException("iv: %d bytes (expected: 16)".formatted(iv.size()));
    }
  }

  @Override
  public Scheme scheme() {
    return Scheme.CBC;
  }
}
