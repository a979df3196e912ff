package dev.sluice.origin.manifest.smooth;

import dev.sluice.origin.drm.ContentProtection;
import dev.sluice.origin.drm.ContentProtection.SystemSignal;
import dev.sluice.origin.drm.Protection;
import dev.sluice.origin.drm.SegmentEncryption;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.manifest.SegmentEncryptionElements;
import dev.sluice.origin.manifest.XmlWriter;
import dev.sluice.origin.media.KeyId;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The Protection element: one ProtectionHeader, for all tracks that are encrypted.
 *
 * <p>Spec: [MS-SSTR] 2.2.2.2.
 */
final class ProtectionElement {
  private static final String PLAY_READY = "9A04F079-9840-4286-AB92-E65BE0885F95";

  /** The streaming service's, for its envelope encryption. */
  private static final String SEGMENT_ENCRYPTION = "B47B251A-2409-4B42-958E-08DBAE7B4EE9";

  private ProtectionElement() {}

  /**
   * Writes the element, where a track is encrypted.
   *
   * @throws ContentFailure if the tracks have more than one key
   */
  static void write(XmlWriter xml, List<PresentedTrack> tracks) {
    requireOneKey(tracks);
    tracks.stream()
        .flatMap(presented -> presented.protection().stream())
        .findFirst()
        .ifPresent(protection -> {
          xml.begin("Protection");
          writeHeader(xml, protection);
          xml.end();
        });
  }

  private static void requireOneKey(List<PresentedTrack> tracks) {
    Map<KeyId, String> keys = new LinkedHashMap<>();
    for (PresentedTrack presented : tracks) {
      String track = "%s (%d)".formatted(presented.track().name(), presented.track().bitrate());
      presented.protection().ifPresent(p -> keys.putIfAbsent(p.keyId(), track));
    }
    if (keys.size() > 1) {
      throw new ContentFailure(
          FailureCode.MPE_ENC_ENCRYPTION_NOT_SUPPORTED,
          "keys: %d, of %s (expected: 1 for all tracks of a Smooth presentation)"
              .formatted(keys.size(), keys.values().stream().collect(Collectors.joining(", "))),
          "");
    }
  }

  private static void writeHeader(XmlWriter xml, Protection protection) {
    switch (protection) {
      case ContentProtection common -> {
        String object = Base64.getEncoder().encodeToString(playReadyObject(common));
        xml.begin("ProtectionHeader").attribute("SystemID", PLAY_READY).endWith(object);
      }
      case SegmentEncryption envelope -> {
        xml.begin("ProtectionHeader").attribute("SystemID", SEGMENT_ENCRYPTION);
        xml.begin("ContentProtection").attribute("schemeIdUri", SegmentEncryptionElements.SCHEME);
        SegmentEncryptionElements.declareNamespace(xml);
        SegmentEncryptionElements.write(xml, envelope);
        xml.end().end();
      }
    }
  }

  private static byte[] playReadyObject(ContentProtection protection) {
    return protection.systems().stream()
        .filter(SystemSignal.PlayReady.class::isInstance)
        .map(SystemSignal.PlayReady.class::cast)
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "PlayReady: not signalled (expected: always in Smooth, whose clients know no other)"))
        .playReadyObject()
        .toArray();
  }
}
