package dev.sluice.origin.manifest.dash;

import dev.sluice.origin.drm.ContentProtection;
import dev.sluice.origin.drm.ContentProtection.SystemSignal;
import dev.sluice.origin.drm.Protection;
import dev.sluice.origin.drm.SegmentEncryption;
import dev.sluice.origin.drm.SystemIds;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.manifest.SegmentEncryptionElements;
import dev.sluice.origin.manifest.XmlWriter;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.Scheme;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** The ContentProtection descriptors of an AdaptationSet. */
final class ProtectionDescriptors {
  private static final String ELEMENT = "ContentProtection";

  private ProtectionDescriptors() {}

  /**
   * The namespaces that {@link #write} needs for these tracks, at the element that has just begun.
   * Some players compare the prefixes as text.
   */
  static void declareNamespaces(XmlWriter xml, List<PresentedTrack> tracks) {
    var protections =
        tracks.stream().flatMap(presented -> presented.protection().stream()).toList();
    if (protections.stream().anyMatch(ContentProtection.class::isInstance)) {
      xml.attribute("xmlns:cenc", "urn:mpeg:cenc:2013")
          .attribute("xmlns:dashif", "https://dashif.org/CPS")
          .attribute("xmlns:mspr", "urn:microsoft:playready")
          .attribute("xmlns:ms", "urn:microsoft");
    }
    if (protections.stream().anyMatch(SegmentEncryption.class::isInstance)) {
      SegmentEncryptionElements.declareNamespace(xml);
    }
  }

  static void write(XmlWriter xml, Protection protection) {
    switch (protection) {
      case ContentProtection common -> writeCommon(xml, common);
      case SegmentEncryption envelope -> {
        xml.begin(ELEMENT).attribute("schemeIdUri", SegmentEncryptionElements.SCHEME);
        SegmentEncryptionElements.write(xml, envelope);
        xml.end();
      }
    }
  }

  private static void writeCommon(XmlWriter xml, ContentProtection protection) {
    xml.begin(ELEMENT)
        .attribute("schemeIdUri", "urn:mpeg:dash:mp4protection:2011")
        .attribute("value", schemeValue(protection.scheme()))
        .attribute("cenc:default_KID", protection.keyId().toString())
        .end();
    protection.systems().forEach(system -> write(xml, system));
  }

  /** The value that names a scheme in the MPD and in URLs. */
  static String schemeValue(Scheme scheme) {
    return switch (scheme) {
      case CENC -> "cenc";
      case CBCS -> "cbcs";
      case CLEAR, CBC ->
          throw new IllegalArgumentException(
              "scheme: %s (expected: CENC or CBCS in an MPD)".formatted(scheme));
    };
  }

  private static void write(XmlWriter xml, SystemSignal system) {
    switch (system) {
      case SystemSignal.ClearKey(var licenseUrl, var commonPssh) -> {
        // Three players take just this form: both descriptors, in this order, each with the URL.
        begin(xml, SystemIds.CLEAR_KEY)
            .attribute("value", "ClearKey1.0")
            .element("dashif:Laurl", licenseUrl)
            .end();
        begin(xml, SystemIds.COMMON)
            .element("cenc:pssh", base64(commonPssh))
            .element("dashif:Laurl", licenseUrl)
            .end();
      }
      case SystemSignal.PlayReady(var playReadyObject, var pssh) ->
          begin(xml, SystemIds.PLAY_READY)
              .attribute("value", "MSPR 2.0")
              .element("mspr:pro", base64(playReadyObject))
              .element("cenc:pssh", base64(pssh))
              .end();
      case SystemSignal.Widevine(var pssh, var licenseUrl) -> {
        begin(xml, SystemIds.WIDEVINE)
            .attribute("value", "Widevine")
            .element("cenc:pssh", base64(pssh));
        licenseUrl.ifPresent(url -> xml.begin("ms:laurl").attribute("licenseUrl", url).end());
        xml.end();
      }
      case SystemSignal.FairPlay _, SystemSignal.Identity _ -> {
        // Only HLS has them.
      }
    }
  }

  private static XmlWriter begin(XmlWriter xml, UUID systemId) {
    return xml.begin(ELEMENT).attribute("schemeIdUri", "urn:uuid:" + systemId);
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }
}
