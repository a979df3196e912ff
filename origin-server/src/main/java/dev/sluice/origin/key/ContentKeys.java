package dev.sluice.origin.key;

import dev.sluice.origin.media.KeyId;
import java.security.SecureRandom;

/** Makes content keys. */
public final class ContentKeys {
  private ContentKeys() {}

  /** A key of random bytes. Ownership: the caller closes it. */
  public static ContentKey random(KeyId id, SecureRandom random) {
    byte[] value = new byte[ContentKey.BYTES];
    random.nextBytes(value);
    return ContentKey.taking(id, value);
  }
}
