package dev.sluice.origin.drm;

import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.key.PlayReadyChecksum;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A WRMHEADER, in the oldest version that can say it, since clients refuse those that are newer
 * than they are.
 *
 * <p>Written by hand, because clients parse it strictly: no declaration, no white space, {@code
 * xmlns} first and the other attributes by alphabet, no empty-element tags.
 *
 * <p>Spec: PlayReady Header Specification 3.
 *
 * @param keys at least 1, by key id, each once; exactly 1 in version 4.0
 * @param licenseUrl LA_URL, absolute
 */
public record PlayReadyHeader(
    Version version,
    List<Key> keys,
    Optional<String> licenseUrl,
    PlayReadyCustomAttributes customAttributes) {

  /** The versions that are written. */
  public enum Version {
    /** One key under CTR, in elements, which every client reads. */
    V4_0("4.0.0.0"),
    /** Several keys under CTR, in attributes. */
    V4_2("4.2.0.0"),
    /** Keys under CBC, which have no checksum. */
    V4_3("4.3.0.0");

    private final String text;

    Version(String text) {
      this.text = text;
    }
  }

  /**
   * A key that the header names.
   *
   * @param checksum 8 bytes under CTR; none under CBC
   */
  public record Key(KeyId keyId, Optional<Bytes> checksum) {
    public Key {
      checksum.ifPresent(Key::requireLength);
    }

    /** A key under CTR. */
    public static Key withChecksum(ContentKey key) {
      return new Key(key.id(), Optional.of(PlayReadyChecksum.of(key)));
    }

    /** A key under CBC. */
    public static Key withoutChecksum(KeyId keyId) {
      return new Key(keyId, Optional.empty());
    }

    private static void requireLength(Bytes checksum) {
      if (checksum.size() != PlayReadyChecksum.BYTES) {
        throw new IllegalArgumentException(
            "checksum: %d bytes (expected: 8)".formatted(checksum.size()));
      }
    }
  }

  public PlayReadyHeader {
    keys = List.copyOf(keys);
    if (keys.isEmpty() || (version == Version.V4_0 && keys.size() > 1)) {
      throw new IllegalArgumentException(
          "PlayReady header: %d keys (expected: at least 1, in version 4.0 exactly 1)"
              .formatted(keys.size()));
    }
    for (Key key : keys) {
      if (key.checksum().isPresent() == (version == Version.V4_3)) {
        throw new IllegalArgumentException(
            "checksum: %s in version %s (expected: in 4.0 and 4.2, and only there)"
                .formatted(key.checksum().isPresent() ? "present" : "absent", version.text));
      }
    }
    licenseUrl
        .filter(url -> !XmlText.isWritable(url))
        .ifPresent(_ -> {
          throw new IllegalArgumentException(
              "LA_URL: a character that XML has not (expected: an absolute URL)");
        });
  }

  /**
   * The header of these keys, in any order.
   *
   * @param scheme {@code CENC}, each key with a checksum, or {@code CBCS}, each without
   */
  public static PlayReadyHeader of(
      Scheme scheme,
      List<Key> keys,
      Optional<String> licenseUrl,
      PlayReadyCustomAttributes customAttributes) {
    var sorted = keys.stream().distinct().sorted(Comparator.comparing(Key::keyId)).toList();
    var version =
        switch (scheme) {
          case CENC -> sorted.size() == 1 ? Version.V4_0 : Version.V4_2;
          case CBCS -> Version.V4_3;
          case CLEAR, CBC ->
              throw new IllegalArgumentException(
                  "scheme: %s (expected: CENC or CBCS, which PlayReady knows)".formatted(scheme));
        };
    return new PlayReadyHeader(version, sorted, licenseUrl, customAttributes);
  }

  /** The header's text. */
  public String toXml() {
    return "<WRMHEADER xmlns=\"http://schemas.microsoft.com/DRM/2007/03/PlayReadyHeader\""
        + " version=\""
        + version.text
        + "\"><DATA>"
        + switch (version) {
          case V4_0 -> keyInElements(keys.getFirst());
          case V4_2 -> keysInAttributes("AESCTR");
          case V4_3 -> keysInAttributes("AESCBC");
        }
        + licenseUrl.map(url -> XmlText.element("LA_URL", url)).orElse("")
        + customAttributes.toXml()
        + "</DATA></WRMHEADER>";
  }

  private static String keyInElements(Key key) {
    return "<PROTECTINFO>"
        + XmlText.element("KEYLEN", "16")
        + XmlText.element("ALGID", "AESCTR")
        + "</PROTECTINFO>"
        + XmlText.element("KID", base64(key.keyId().guidBytes()))
        + XmlText.element("CHECKSUM", base64(key.checksum().orElseThrow().toArray()));
  }

  private String keysInAttributes(String algorithm) {
    return keys.stream()
        .map(key -> keyInAttributes(key, algorithm))
        .collect(Collectors.joining("", "<PROTECTINFO><KIDS>", "</KIDS></PROTECTINFO>"));
  }

  private static String keyInAttributes(Key key, String algorithm) {
    return "<KID ALGID=\""
        + algorithm
        + "\""
        + key.checksum().map(sum -> " CHECKSUM=\"" + base64(sum.toArray()) + "\"").orElse("")
        + " VALUE=\""
        + base64(key.keyId().guidBytes())
        + "\"></KID>";
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
