package dev.sluice.origin.drm;

import dev.sluice.origin.key.PlayReadyChecksum;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import java.util.Base64;
import java.util.Optional;

/**
 * The WRMHEADER of one key: version 4.0 with {@code cenc}, which every client knows, and 4.3 with
 * {@code cbcs}, which has no checksum.
 *
 * <p>Written by hand, because clients parse it strictly: no declaration, no white space, {@code
 * xmlns} first and the other attributes by alphabet, no empty-element tags.
 *
 * <p>Spec: PlayReady Header Specification 3.
 *
 * @param scheme {@code CENC} or {@code CBCS}
 * @param checksum 8 bytes; not written with {@code CBCS}
 * @param licenseUrl LA_URL, absolute
 * @param customAttributes text that PlayReady hands to the licence server as it is
 */
public record PlayReadyHeader(
    Scheme scheme,
    KeyId keyId,
    Bytes checksum,
    Optional<String> licenseUrl,
    Optional<String> customAttributes) {

  public PlayReadyHeader {
    if (checksum.size() != PlayReadyChecksum.BYTES) {
      throw new IllegalArgumentException(
          "checksum: %d bytes (expected: 8)".formatted(checksum.size()));
    }
  }

  /** The header's text. */
  public String toXml() {
    return switch (scheme) {
      case CENC ->
          wrmHeader(
              "4.0.0.0",
              "<PROTECTINFO>"
                  + element("KEYLEN", "16")
                  + element("ALGID", "AESCTR")
                  + "</PROTECTINFO>"
                  + element("KID", base64(keyId.guidBytes()))
                  + element("CHECKSUM", base64(checksum.toArray())));
      case CBCS ->
          wrmHeader(
              "4.3.0.0",
              "<PROTECTINFO><KIDS><KID ALGID=\"AESCBC\" VALUE=\""
                  + base64(keyId.guidBytes())
                  + "\"></KID></KIDS></PROTECTINFO>");
      case CLEAR, CBC ->
          throw new IllegalArgumentException(
              "scheme: %s (expected: CENC or CBCS, which PlayReady knows)".formatted(scheme));
    };
  }

  private String wrmHeader(String version, String key) {
    return "<WRMHEADER xmlns=\"http://schemas.microsoft.com/DRM/2007/03/PlayReadyHeader\""
        + " version=\""
        + version
        + "\"><DATA>"
        + key
        + licenseUrl.map(url -> element("LA_URL", url)).orElse("")
        + customAttributes.map(text -> element("CUSTOMATTRIBUTES", text)).orElse("")
        + "</DATA></WRMHEADER>";
  }

  private static String element(String name, String text) {
    return "<" + name + ">" + escape(text) + "</" + name + ">";
  }

  private static String escape(String text) {
    text.chars()
        .filter(c -> c < ' ' || c == 0xfffe || c == 0xffff)
        .findFirst()
        .ifPresent(c -> {
          throw new IllegalArgumentException(
              "PlayReady header: character %#x (expected: none that XML has not)".formatted(c));
        });
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
