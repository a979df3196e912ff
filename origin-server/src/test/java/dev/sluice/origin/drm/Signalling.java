package dev.sluice.origin.drm;

import dev.sluice.origin.drm.ContentProtection.SystemSignal;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What tests signal for one key. URLs may be templates with {@code {ContentKeyId}}.
 *
 * @param clearKeyUrl ClearKey is signalled where there is one
 * @param customAttributes of the PlayReady header, as a policy writes them
 */
public record Signalling(
    Optional<String> clearKeyUrl,
    boolean playReady,
    Optional<String> playReadyUrl,
    boolean widevine,
    Optional<String> widevineUrl,
    Optional<String> customAttributes) {

  /** What is signalled for tracks of this key. */
  public ContentProtection of(
      Scheme scheme, KeyId keyId, Optional<Bytes> constantIv, Bytes checksum) {
    var systems = new ArrayList<SystemSignal>();
    clearKeyUrl.ifPresent(url ->
        systems.add(ClearKeySignal.of(keyId, LicenseUrl.ofTemplate(url, keyId, Optional.empty()))));
    if (playReady) {
      var key =
          new PlayReadyHeader.Key(keyId, Optional.of(checksum).filter(_ -> scheme == Scheme.CENC));
      var attributes =
          customAttributes
              .flatMap(PlayReadyCustomAttributes::parse)
              .orElse(PlayReadyCustomAttributes.NONE);
      var header =
          PlayReadyHeader.of(scheme, List.of(key), forKey(playReadyUrl, keyId), attributes);
      systems.add(PlayReadyObject.of(header).toSignal());
    }
    if (widevine) {
      systems.add(
          new SystemSignal.Widevine(
              WidevineData.of(scheme, keyId).toPssh(), forKey(widevineUrl, keyId)));
    }
    return new ContentProtection(scheme, keyId, constantIv, systems);
  }

  private static Optional<String> forKey(Optional<String> template, KeyId keyId) {
    return template.map(url -> LicenseUrl.ofTemplate(url, keyId, Optional.empty()));
  }
}
