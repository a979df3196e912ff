package dev.sluice.origin.drm;

import dev.sluice.origin.media.Scheme;

/** The four-character code of a protection scheme. Spec: CENC 10. */
final class SchemeFourCc {
  private static final int CENC = 0x63656e63;
  private static final int CBCS = 0x63626373;

  private SchemeFourCc() {}

  static int of(Scheme scheme) {
    return switch (scheme) {
      case CENC -> CENC;
      case CBCS -> CBCS;
      case CLEAR, CBC ->
          throw new IllegalArgumentException(
              "scheme: %s (expected: CENC or CBCS, which DRM systems know)".formatted(scheme));
    };
  }
}
