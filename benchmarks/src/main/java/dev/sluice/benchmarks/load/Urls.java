package dev.sluice.benchmarks.load;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** URLs as manifests write them. */
final class Urls {
  /** Of a URL, in characters: what servers take at most, with room. */
  private static final int MAX_CHARS = 16_384;

  private static final String LEGAL = "-._~:/?#[]@!$&'()*+,;=%";

  private Urls() {}

  /**
   * A reference in a document, as a whole URL. Characters that have no place in a URL are escaped,
   * as browsers do.
   *
   * @throws LoadFailure if it is none, or not of http or https
   */
  static URI resolve(URI base, String reference) throws LoadFailure {
    URI resolved;
    try {
      if (reference.length() > MAX_CHARS) {
        throw new LoadFailure(
            "manifest",
            "URL: %d characters (expected: <= %d)".formatted(reference.length(), MAX_CHARS));
      }
      resolved = reference.isBlank() ? base : base.resolve(escape(reference.strip()));
    } catch (IllegalArgumentException _) {
      throw new LoadFailure("manifest", "URL: not one (expected: a reference of RFC 3986)");
    }
    if (!isHttp(resolved)) {
      throw new LoadFailure(
          "manifest", "URL: scheme %s (expected: http or https)".formatted(resolved.getScheme()));
    }
    return resolved;
  }

  /** Whether it is a whole URL of http or https. */
  static boolean isHttp(URI uri) {
    return ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()))
        && uri.getHost() != null;
  }

  /** Scheme, host and port: what a connection is for. */
  static String origin(URI uri) {
    return "%s://%s:%d".formatted(lower(uri.getScheme()), lower(uri.getHost()), port(uri));
  }

  /** The port, that of the scheme if none is written. */
  static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return isTls(uri) ? 443 : 80;
  }

  static boolean isTls(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  /** For reports and errors: without query, which may hold a token, and without user. */
  static String shown(URI uri) {
    int port = uri.getPort();
    return "%s://%s%s%s"
        .formatted(uri.getScheme(), uri.getHost(), port < 0 ? "" : ":" + port, uri.getRawPath());
  }

  /** What stands in the request line. */
  static String target(URI uri) {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static String escape(String reference) {
    var escaped = new StringBuilder(reference.length());
    for (byte b : reference.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || LEGAL.indexOf(c) >= 0);
      escaped.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return escaped.toString();
  }
}
