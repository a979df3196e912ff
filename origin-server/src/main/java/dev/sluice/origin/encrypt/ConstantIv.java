package dev.sluice.origin.encrypt;

import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.Scheme;
import java.util.List;

/**
 * The IV of AES-128-CBC where none is given: the same for every sample of an asset under {@code
 * cbcs}, or for each of its whole answers. No state, so every node has the same one.
 *
 * <pre>
 *   iv = HKDF-SHA256(key, info = label | scheme | asset), 16 bytes
 * </pre>
 *
 * <p>Spec: CENC 10.4.
 */
public final class ConstantIv {

  /** The size in bytes: an AES block. */
  public static final int BYTES = 16;

  private static final String LABEL = "sluice constant iv v1";

  private ConstantIv() {}

  /**
   * The IV of an asset under a key.
   *
   * @param key that the answers are encrypted with; borrowed
   * @param scheme {@code CBCS} or {@code CBC}
   * @param asset its name
   */
  public static Bytes of(ContentKey key, Scheme scheme, String asset) {
    String name =
        switch (scheme) {
          case CBCS -> "cbcs";
          case CBC -> "cbc";
          case CLEAR, CENC ->
              throw new IllegalArgumentException(
                  "scheme: %s (expected: CBCS or CBC)".formatted(scheme));
        };
    return Bytes.copyOf(KeyDerivation.derive(key, LABEL, List.of(name, asset), BYTES));
  }
}
