package dev.sluice.origin.catalog;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The encodings of bytes and addresses in documents. */
final class Encodings {
  /** The length of an IV in bytes. */
  static final int IV_BYTES = 16;

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private Encodings() {}

  /** The bytes of base64 or base64url, padded or not. */
  static Optional<byte[]> base64(String text) {
    String url = text.replace('+', '-').replace('/', '_');
    int end = url.length();
    while (end > 0 && url.charAt(end - 1) == '=') {
      end--;
    }
    boolean padded = end < url.length();
    if (padded && (url.length() % 4 != 0 || url.length() - end > 2)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getUrlDecoder().decode(url.substring(0, end)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** The 16 bytes of 32 hex digits, with or without {@code 0x}. */
  static Optional<byte[]> hexIv(String text) {
    String digits = text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text;
    if (digits.length() != 2 * IV_BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(HexFormat.of().parseHex(digits));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether it is an absolute address with a host and one of these schemes. */
  static boolean isUrl(String text, Set<String> schemes) {
    try {
      // Templates of the service name the key in braces, which no URI may hold.
      var uri = new URI(text.replace('{', '_').replace('}', '_'));
      return uri.getScheme() != null
          && uri.getRawAuthority() != null
          && uri.getRawUserInfo() == null
          && schemes.contains(uri.getScheme().toLowerCase(Locale.ROOT));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** Whether it is an https address, or an http address of this machine. */
  static boolean isSafeUrl(String text) {
    if (isUrl(text, Set.of("https"))) {
      return true;
    }
    if (!isUrl(text, Set.of("http"))) {
      return false;
    }
    String host = URI.create(text.replace('{', '_').replace('}', '_')).getHost();
    return host != null && LOOPBACK.contains(host.toLowerCase(Locale.ROOT));
  }
}
