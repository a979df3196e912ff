package dev.sluice.origin.delivery;

import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.catalog.Document.DrmSystem;
import dev.sluice.origin.catalog.Document.KeyDeliveryType;
import dev.sluice.origin.drm.ContentProtection;
import dev.sluice.origin.drm.LicenseUrl;
import dev.sluice.origin.drm.Signalling;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.key.PlayReadyChecksum;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which DRM systems a manifest signals for a key, and with which licence URLs: those that the
 * delivery policy names, else those that it has a licence URL for and those that the key's
 * authorization policy can license. A licence URL of the policy replaces our own.
 */
final class SignalledSystems {
  private final Catalog catalog;
  private final PublicUrls publicUrls;

  SignalledSystems(Catalog catalog, PublicUrls publicUrls) {
    this.catalog = catalog;
    this.publicUrls = publicUrls;
  }

  /** What is signalled for a key to callers of this kind. */
  ContentProtection signal(
      Scheme scheme, KeyId keyId, Document.AssetDeliveryPolicy policy, boolean secure) {
    var configured = new Configured(policy, keyId);
    var licensed = licensedHere(keyId);
    var systems = EnumSet.noneOf(DrmSystem.class);
    if (policy.systems().isEmpty()) {
      systems.addAll(licensed);
    } else {
      systems.addAll(policy.systems());
    }
    configured.playReady().ifPresent(_ -> systems.add(DrmSystem.PLAY_READY));
    configured.widevine().ifPresent(_ -> systems.add(DrmSystem.WIDEVINE));
    configured.clearKey().ifPresent(_ -> systems.add(DrmSystem.CLEAR_KEY));
    String keys = publicUrls.baseFor(secure) + "/keys/";
    return new Signalling(
            configured
                .clearKey()
                .or(() -> Optional.of(LicenseUrl.ofBase(keys + "ClearKey/", keyId)))
                .filter(_ -> systems.contains(DrmSystem.CLEAR_KEY)),
            systems.contains(DrmSystem.PLAY_READY),
            configured
                .playReady()
                .or(() -> own(licensed, DrmSystem.PLAY_READY, keys + "PlayReady/")),
            systems.contains(DrmSystem.WIDEVINE),
            configured
                .widevine()
                .or(() ->
                    own(
                        licensed,
                        DrmSystem.WIDEVINE,
                        LicenseUrl.ofBase(keys + "Widevine/", keyId))),
            configured.value("playReadyCustomAttributes"))
        .of(scheme, keyId, Optional.empty(), checksum(keyId));
  }

  private static Optional<String> own(Set<DrmSystem> licensed, DrmSystem system, String url) {
    return Optional.of(url).filter(_ -> licensed.contains(system));
  }

  private Set<DrmSystem> licensedHere(KeyId keyId) {
    var systems = EnumSet.noneOf(DrmSystem.class);
    catalog
        .findContentKey(keyId)
        .flatMap(Document.ContentKey::authorizationPolicy)
        .flatMap(catalog::findAuthorizationPolicy)
        .ifPresent(policy ->
            policy.options().forEach(o -> systemOf(o.keyDeliveryType()).ifPresent(systems::add)));
    return systems;
  }

  private static Optional<DrmSystem> systemOf(KeyDeliveryType type) {
    return switch (type) {
      case CLEAR_KEY -> Optional.of(DrmSystem.CLEAR_KEY);
      case PLAY_READY_LICENSE -> Optional.of(DrmSystem.PLAY_READY);
      case WIDEVINE -> Optional.of(DrmSystem.WIDEVINE);
      case FAIR_PLAY -> Optional.of(DrmSystem.FAIR_PLAY);
      case BASELINE_HTTP -> Optional.empty();
    };
  }

  private Bytes checksum(KeyId keyId) {
    try (var key =
        catalog
            .unwrap(keyId)
            .orElseThrow(() ->
                new ServerFailure(
                    FailureCode.INTERNAL_ERROR, "the content key of a track is not there"))) {
      return PlayReadyChecksum.of(key);
    }
  }

  /** The licence URLs of a delivery policy, made for one key. */
  private record Configured(Document.AssetDeliveryPolicy policy, KeyId keyId) {
    Optional<String> value(String name) {
      return Optional.ofNullable(policy.configuration().get(name));
    }

    Optional<String> playReady() {
      return value("playReadyLicenseAcquisitionUrl").map(this::template);
    }

    Optional<String> widevine() {
      return value("widevineLicenseAcquisitionUrl")
          .map(this::template)
          .or(() ->
              value("widevineBaseLicenseAcquisitionUrl").map(url -> LicenseUrl.ofBase(url, keyId)));
    }

    Optional<String> clearKey() {
      return value("clearKeyLicenseAcquisitionUrl").map(this::template);
    }

    private String template(String url) {
      return LicenseUrl.ofTemplate(url, keyId);
    }
  }
}
