package dev.sluice.origin.drm;

import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import java.util.List;
import java.util.Optional;

/**
 * What a manifest says of a track's protection.
 *
 * @param scheme {@code CENC} or {@code CBCS}
 * @param keyId the default_KID
 * @param systems in the order in which they are written
 */
public record ContentProtection(Scheme scheme, KeyId keyId, List<SystemSignal> systems) {

  public ContentProtection {
    systems = List.copyOf(systems);
  }

  /** What is signalled for one DRM system. */
  public sealed interface SystemSignal {
    /** ClearKey, by its system id and by the Common pssh, both with the licence URL. */
    record ClearKey(String licenseUrl, Bytes commonPssh) implements SystemSignal {}

    /** PlayReady: the object of {@code mspr:pro}, and the pssh box that holds the same. */
    record PlayReady(Bytes playReadyObject, Bytes pssh) implements SystemSignal {}

    /** Widevine, with the licence URL where one is known. */
    record Widevine(Bytes pssh, Optional<String> licenseUrl) implements SystemSignal {}
  }
}
