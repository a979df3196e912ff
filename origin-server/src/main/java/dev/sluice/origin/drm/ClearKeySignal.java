package dev.sluice.origin.drm;

import dev.sluice.origin.media.KeyId;
import java.util.List;

/**
 * What is signalled for ClearKey: where the licence is, and a Common {@code pssh} with the key id.
 */
public final class ClearKeySignal {
  private ClearKeySignal() {}

  /** The signal for one key. */
  public static ContentProtection.SystemSignal.ClearKey of(KeyId keyId, String licenseUrl) {
    return new ContentProtection.SystemSignal.ClearKey(licenseUrl, CommonPssh.of(List.of(keyId)));
  }
}
