package dev.sluice.origin.delivery;

import java.util.Optional;

/**
 * The base URLs under which clients know this server, without a slash at their end.
 *
 * @param http for callers that came by plain HTTP
 * @param https for callers that came by TLS
 */
public record PublicUrls(Optional<String> http, Optional<String> https) {

  public PublicUrls {
    if (http.isEmpty() && https.isEmpty()) {
      throw new IllegalArgumentException("public URL: none (expected: at least one)");
    }
    http = http.map(PublicUrls::withoutSlash);
    https = https.map(PublicUrls::withoutSlash);
  }

  /** The base for a caller: of its own scheme where there is one, so no HTTPS page meets HTTP. */
  public String baseFor(boolean secure) {
    return secure ? https.or(() -> http).orElseThrow() : http.or(() -> https).orElseThrow();
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }
}
