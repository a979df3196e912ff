package dev.sluice.origin.drm;

import dev.sluice.origin.media.KeyId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Where a key or licence is had, as policies write it, made into the URL for one key. */
public final class LicenseUrl {
  private static final String KEY_ID_TOKEN = "{ContentKeyId}";

  /** The service's older samples spell it the second way. */
  private static final List<String> MEDIA_ID_TOKENS =
      List.of("{AlternativeMediaId}", "{AssetAlternativeId}");

  private LicenseUrl() {}

  /**
   * A template, with {@code {ContentKeyId}} replaced by the key id's GUID, and {@code
   * {AlternativeMediaId}} (or {@code {AssetAlternativeId}}) by what the locator has, or by nothing.
   * Other words in braces stay.
   *
   * @param alternativeMediaId any text; percent-encoded, so that it ends neither a URL, an
   *     attribute nor a line. Spec: RFC 3986 2.1, of all but the unreserved characters
   */
  public static String ofTemplate(
      String template, KeyId keyId, Optional<String> alternativeMediaId) {
    String mediaId = alternativeMediaId.map(LicenseUrl::percentEncode).orElse("");
    String url = template.replace(KEY_ID_TOKEN, keyId.toString());
    for (String token : MEDIA_ID_TOKENS) {
      url = url.replace(token, mediaId);
    }
    return url;
  }

  /** A base URL, with the key id as parameter {@code kid} behind what it has of a query. */
  public static String ofBase(String baseUrl, KeyId keyId) {
    return baseUrl + (baseUrl.indexOf('?') < 0 ? "?" : "&") + "kid=" + keyId;
  }

  private static String percentEncode(String text) {
    var out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (isUnreserved(b)) {
        out.append((char) b);
      } else {
        out.append('%')
            .append(Character.toUpperCase(Character.forDigit((b >> 4) & 0xf, 16)))
            .append(Character.toUpperCase(Character.forDigit(b & 0xf, 16)));
      }
    }
    return out.toString();
  }

  private static boolean isUnreserved(byte b) {
    return (b >= 'A' && b <= 'Z')
        || (b >= 'a' && b <= 'z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '.'
        || b == '_'
        || b == '~';
  }
}
