package dev.sluice.origin.drm;

import dev.sluice.origin.drm.ContentProtection.SystemSignal;
import dev.sluice.origin.key.PlayReadyChecksum;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import java.util.ArrayList;
import java.util.Optional;

/**
 * Which DRM systems are signalled, and where their licences are. URLs may be templates with {@code
 * {ContentKeyId}}.
 *
 * @param clearKeyUrl ClearKey is signalled where there is one
 * @param playReady whether PlayReady is signalled
 * @param playReadyUrl LA_URL, where one is known
 * @param widevine whether Widevine is signalled
 * @param widevineUrl where one is known
 * @param customAttributes of the PlayReady header
 */
public record Signalling(
    Optional<String> clearKeyUrl,
    boolean playReady,
    Optional<String> playReadyUrl,
    boolean widevine,
    Optional<String> widevineUrl,
    Optional<String> customAttributes) {

  /**
   * What is signalled for tracks of this key. Equal keys give equal signals.
   *
   * @param scheme {@code CENC} or {@code CBCS}
   * @param constantIv 16 bytes with {@code CBCS}
   * @param checksum of the key, by {@link PlayReadyChecksum}
   */
  public ContentProtection of(
      Scheme scheme, KeyId keyId, Optional<Bytes> constantIv, Bytes checksum) {
    // ClearKey first: some players take the first system that they know.
    var systems = new ArrayList<SystemSignal>();
    clearKeyUrl.ifPresent(
        url -> systems.add(ClearKeySignal.of(keyId, LicenseUrl.ofTemplate(url, keyId))));
    if (playReady) {
      systems.add(playReadySignal(scheme, keyId, checksum));
    }
    if (widevine) {
      systems.add(
          new SystemSignal.Widevine(
              WidevineData.of(scheme, keyId).toPssh(), forKey(widevineUrl, keyId)));
    }
    return new ContentProtection(scheme, keyId, constantIv, systems);
  }

  private SystemSignal playReadySignal(Scheme scheme, KeyId keyId, Bytes checksum) {
    var header =
        new PlayReadyHeader(scheme, keyId, checksum, forKey(playReadyUrl, keyId), customAttributes);
    var object = PlayReadyObject.of(header);
    return new SystemSignal.PlayReady(object.bytes(), object.toPssh());
  }

  private static Optional<String> forKey(Optional<String> template, KeyId keyId) {
    return template.map(url -> LicenseUrl.ofTemplate(url, keyId));
  }
}
