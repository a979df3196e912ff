package dev.sluice.origin.delivery;

import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.catalog.Document.DrmSystem;
import dev.sluice.origin.catalog.Document.KeyDeliveryType;
import dev.sluice.origin.drm.ClearKeySignal;
import dev.sluice.origin.drm.ContentProtection;
import dev.sluice.origin.drm.ContentProtection.SystemSignal;
import dev.sluice.origin.drm.PlayReadyCustomAttributes;
import dev.sluice.origin.drm.PlayReadyHeader;
import dev.sluice.origin.drm.PlayReadyObject;
import dev.sluice.origin.drm.Protection;
import dev.sluice.origin.drm.SegmentEncryption;
import dev.sluice.origin.drm.WidevineData;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.policy.TrackProtection;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a manifest signals of an encrypted track: the DRM systems that the delivery policy names
 * (else those that the key's authorization policy can license) and those that it has a licence URL
 * for. A licence URL of the policy replaces our own.
 *
 * <ul>
 *   <li>FairPlay is signalled in HLS under cbcs only: nothing else plays with it.
 *   <li>{@code identity}, in HLS only, is signalled where the key can be had as bytes, and where no
 *       other tag could be written: a playlist of encrypted segments never looks clear.
 *   <li>PlayReady is signalled in Smooth always: its clients find the key id there.
 *   <li>Widevine, ClearKey and FairPlay name the track's own key, so that a client asks for no key
 *       that it may not have. A PlayReady object names all keys of the presentation that have the
 *       same licence URL, and is the same for all of them; in Smooth, whose clients only read
 *       version 4.0, it names one.
 * </ul>
 */
final class SignalledSystems {
  private final Catalog catalog;
  private final PublicUrls publicUrls;

  SignalledSystems(Catalog catalog, PublicUrls publicUrls) {
    this.catalog = catalog;
    this.publicUrls = publicUrls;
  }

  /**
   * What all tracks of an answer have in common.
   *
   * @param policy by which they are encrypted
   * @param keyIds of all tracks that the manifest shows
   * @param alternativeMediaId of the locator
   * @param secure whether the caller came by TLS
   */
  record Context(
      Document.AssetDeliveryPolicy policy,
      Protocol protocol,
      Set<KeyId> keyIds,
      Optional<String> alternativeMediaId,
      boolean secure) {}

  /**
   * What is signalled for tracks of one key. Equal keys give equal signals.
   *
   * @param iv 16 bytes with {@code CBC} and {@code CBCS}, where it is the same for all samples;
   *     none with {@code CENC}
   */
  Protection signal(TrackProtection.Encrypted track, Optional<Bytes> iv, Context context) {
    var licenses = licensesOf(track.keyId(), context);
    return switch (track.scheme()) {
      case CENC, CBCS ->
          new ContentProtection(
              track.scheme(), track.keyId(), iv, signals(track.scheme(), licenses, context));
      case CBC ->
          new SegmentEncryption(
              track.keyId(),
              iv.orElseThrow(
                  () -> new IllegalArgumentException("iv: absent (expected: 16 bytes with CBC)")),
              licenses.envelopeKey());
      case CLEAR ->
          throw new IllegalArgumentException("scheme: CLEAR (expected: one that encrypts)");
    };
  }

  private List<SystemSignal> signals(Scheme scheme, KeyLicenses licenses, Context context) {
    var systems = systemsOf(scheme, licenses, context);
    var signals = new ArrayList<SystemSignal>();
    // ClearKey first and identity last: some players take the first that they know, one the last.
    if (systems.contains(DrmSystem.CLEAR_KEY)) {
      signals.add(ClearKeySignal.of(licenses.keyId(), licenses.get(DrmSystem.CLEAR_KEY)));
    }
    if (systems.contains(DrmSystem.PLAY_READY)) {
      signals.add(playReady(scheme, licenses, context));
    }
    if (systems.contains(DrmSystem.WIDEVINE)) {
      signals.add(
          new SystemSignal.Widevine(
              WidevineData.of(scheme, licenses.keyId()).toPssh(),
              licenses.find(DrmSystem.WIDEVINE)));
    }
    if (systems.contains(DrmSystem.FAIR_PLAY)) {
      signals.add(new SystemSignal.FairPlay(licenses.get(DrmSystem.FAIR_PLAY)));
    }
    if (context.protocol() == Protocol.HLS && isIdentitySignalled(systems, licenses)) {
      signals.add(new SystemSignal.Identity(licenses.ownKey()));
    }
    return signals;
  }

  private static Set<DrmSystem> systemsOf(Scheme scheme, KeyLicenses licenses, Context context) {
    var systems = EnumSet.noneOf(DrmSystem.class);
    var named = context.policy().systems();
    systems.addAll(named.isEmpty() ? licenses.licensed() : named);
    systems.addAll(licenses.licensedElsewhere());
    if (scheme != Scheme.CBCS || context.protocol() != Protocol.HLS) {
      systems.remove(DrmSystem.FAIR_PLAY);
    }
    if (context.protocol() == Protocol.SMOOTH_STREAMING) {
      systems.add(DrmSystem.PLAY_READY);
    }
    return systems;
  }

  /** Not where ClearKey licences are had elsewhere alone: here the key is not had then. */
  private boolean isIdentitySignalled(Set<DrmSystem> systems, KeyLicenses licenses) {
    var options = optionsOf(licenses.keyId());
    boolean onlyClearKey = systems.stream().allMatch(system -> system == DrmSystem.CLEAR_KEY);
    return (onlyClearKey && !licenses.licensedElsewhere().contains(DrmSystem.CLEAR_KEY))
        || options.contains(KeyDeliveryType.BASELINE_HTTP)
        || options.contains(KeyDeliveryType.CLEAR_KEY);
  }

  private SystemSignal playReady(Scheme scheme, KeyLicenses licenses, Context context) {
    var url = licenses.find(DrmSystem.PLAY_READY);
    var keys =
        objectKeys(scheme, licenses, context).stream().map(id -> headerKey(scheme, id)).toList();
    var header = PlayReadyHeader.of(scheme, keys, url, customAttributes(context.policy()));
    return PlayReadyObject.of(header).toSignal();
  }

  /** The keys that one object names: those that PlayReady is signalled for with the same URL. */
  private Set<KeyId> objectKeys(Scheme scheme, KeyLicenses licenses, Context context) {
    var keyIds = new TreeSet<KeyId>(Set.of(licenses.keyId()));
    if (context.protocol() != Protocol.SMOOTH_STREAMING) {
      var url = licenses.find(DrmSystem.PLAY_READY);
      context.keyIds().stream()
          .map(keyId -> licensesOf(keyId, context))
          .filter(other -> systemsOf(scheme, other, context).contains(DrmSystem.PLAY_READY))
          .filter(other -> other.find(DrmSystem.PLAY_READY).equals(url))
          .forEach(other -> keyIds.add(other.keyId()));
    }
    return keyIds;
  }

  private PlayReadyHeader.Key headerKey(Scheme scheme, KeyId keyId) {
    if (scheme == Scheme.CBCS) {
      return PlayReadyHeader.Key.withoutChecksum(keyId);
    }
    try (var key =
        catalog
            .unwrap(keyId)
            .orElseThrow(() ->
                new ServerFailure(
                    FailureCode.INTERNAL_ERROR, "the content key of a track is not there"))) {
      return PlayReadyHeader.Key.withChecksum(key);
    }
  }

  private static PlayReadyCustomAttributes customAttributes(Document.AssetDeliveryPolicy policy) {
    String text = policy.configuration().get("playReadyCustomAttributes");
    if (text == null) {
      return PlayReadyCustomAttributes.NONE;
    }
    return PlayReadyCustomAttributes.parse(text)
        .orElseThrow(() ->
            new ServerFailure(
                FailureCode.INTERNAL_ERROR,
                "delivery policy: playReadyCustomAttributes (expected: name1:value1,name2:value2)"));
  }

  private KeyLicenses licensesOf(KeyId keyId, Context context) {
    var licensedHere = EnumSet.noneOf(DrmSystem.class);
    optionsOf(keyId).forEach(type -> systemOf(type).ifPresent(licensedHere::add));
    return new KeyLicenses(
        keyId,
        context.policy().configuration(),
        context.alternativeMediaId(),
        licensedHere,
        publicUrls.baseFor(context.secure()) + "/keys/",
        skd(publicUrls.baseFor(true)) + "/keys/");
  }

  private Set<KeyDeliveryType> optionsOf(KeyId keyId) {
    var types = EnumSet.noneOf(KeyDeliveryType.class);
    catalog
        .findContentKey(keyId)
        .flatMap(Document.ContentKey::authorizationPolicy)
        .flatMap(catalog::findAuthorizationPolicy)
        .ifPresent(policy -> policy.options().forEach(o -> types.add(o.keyDeliveryType())));
    return types;
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

  private static String skd(String url) {
    return "skd" + url.substring(url.indexOf("://"));
  }
}
