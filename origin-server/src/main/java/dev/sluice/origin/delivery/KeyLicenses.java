package dev.sluice.origin.delivery;

import dev.sluice.origin.catalog.Document.DrmSystem;
import dev.sluice.origin.drm.LicenseUrl;
import dev.sluice.origin.media.KeyId;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where one key and its licences are had: where the delivery policy says, else here.
 *
 * @param configuration of the delivery policy; a URL for one key wins over a base URL
 * @param alternativeMediaId of the locator, for templates
 * @param licensedHere the systems that the key's authorization policy has an option for
 * @param keys our own base URL of key delivery, with a slash at its end
 * @param fairPlayKeys the same with the scheme {@code skd}, which a FairPlay client replaces by
 *     https
 */
record KeyLicenses(
    KeyId keyId,
    Map<String, String> configuration,
    Optional<String> alternativeMediaId,
    Set<DrmSystem> licensedHere,
    String keys,
    String fairPlayKeys) {

  /** The systems that can be licensed, here or elsewhere. */
  Set<DrmSystem> licensed() {
    var systems = EnumSet.noneOf(DrmSystem.class);
    systems.addAll(licensedHere);
    systems.addAll(licensedElsewhere());
    return systems;
  }

  /** The systems that the delivery policy has a URL for. */
  Set<DrmSystem> licensedElsewhere() {
    var systems = EnumSet.noneOf(DrmSystem.class);
    for (DrmSystem system : DrmSystem.values()) {
      configured(system).ifPresent(_ -> systems.add(system));
    }
    return systems;
  }

  /** The licence URL, where one is known. */
  Optional<String> find(DrmSystem system) {
    return configured(system)
        .or(() -> Optional.of(own(system)).filter(_ -> licensedHere.contains(system)));
  }

  /** The licence URL, which is our own where none is known. */
  String get(DrmSystem system) {
    return configured(system).orElseGet(() -> own(system));
  }

  /** Where the 16 bytes of an envelope key are had. */
  String envelopeKey() {
    return template("envelopeKeyAcquisitionUrl")
        .or(() -> base("envelopeBaseKeyAcquisitionUrl"))
        .orElseGet(this::ownKey);
  }

  /** Where the 16 bytes of the key are had here. */
  String ownKey() {
    return LicenseUrl.ofBase(keys, keyId);
  }

  private Optional<String> configured(DrmSystem system) {
    return switch (system) {
      case PLAY_READY -> template("playReadyLicenseAcquisitionUrl");
      case WIDEVINE ->
          template("widevineLicenseAcquisitionUrl")
              .or(() -> base("widevineBaseLicenseAcquisitionUrl"));
      case FAIR_PLAY ->
          template("fairPlayLicenseAcquisitionUrl")
              .or(() -> base("fairPlayBaseLicenseAcquisitionUrl"));
      case CLEAR_KEY -> template("clearKeyLicenseAcquisitionUrl");
    };
  }

  private String own(DrmSystem system) {
    return switch (system) {
      // The challenge holds the key ids.
      case PLAY_READY -> keys + "PlayReady/";
      case WIDEVINE -> LicenseUrl.ofBase(keys + "Widevine/", keyId);
      case FAIR_PLAY -> LicenseUrl.ofBase(fairPlayKeys + "FairPlay/", keyId);
      case CLEAR_KEY -> LicenseUrl.ofBase(keys + "ClearKey/", keyId);
    };
  }

  private Optional<String> template(String name) {
    return Optional.ofNullable(configuration.get(name))
        .map(url -> LicenseUrl.ofTemplate(url, keyId, alternativeMediaId));
  }

  private Optional<String> base(String name) {
    return template(name).map(url -> LicenseUrl.ofBase(url, keyId));
  }
}
