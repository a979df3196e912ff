package dev.sluice.origin.drm;

import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import java.util.List;
import java.util.Optional;

/**
 * What a manifest says of a track under common encryption.
 *
 * @param scheme {@code CENC} or {@code CBCS}
 * @param keyId the default_KID
 * @param constantIv 16 bytes with {@code CBCS}, empty with {@code CENC}
 * @param systems in the order in which they are written
 */
public record ContentProtection(
    Scheme scheme, KeyId keyId, Optional<Bytes> constantIv, List<SystemSignal> systems)
    implements Protection {

  public ContentProtection {
    systems = List.copyOf(systems);
    if (constantIv.isPresent() != (scheme == Scheme.CBCS)) {
      throw new IllegalArgumentException(
          "constant IV: %s (expected: with CBCS and only there)"
              .formatted(constantIv.isPresent() ? "present" : "absent"));
    }
  }

  /** What is signalled for one DRM system. */
  public sealed interface SystemSignal {
    /** ClearKey, by its system id and by the Common pssh, both with the licence URL. */
    record ClearKey(String licenseUrl, Bytes commonPssh) implements SystemSignal {}

    /** PlayReady: the object of {@code mspr:pro}, and the pssh box that holds the same. */
    record PlayReady(Bytes playReadyObject, Bytes pssh) implements SystemSignal {}

    /** Widevine, with the licence URL where one is known. */
    record Widevine(Bytes pssh, Optional<String> licenseUrl) implements SystemSignal {}

    /** FairPlay, which only HLS signals, by the URI that the client's key request holds. */
    record FairPlay(String uri) implements SystemSignal {}

    /** HLS's KEYFORMAT {@code identity}: the key itself at a URL; other protocols pass it over. */
    record Identity(String keyUrl) implements SystemSignal {}
  }
}
