package dev.sluice.origin.http;

import io.netty.handler.codec.http.HttpRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The target of a request. The authority in it has no meaning for what is answered. */
final class RequestTarget {
  private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://[^/?#]*(.*)");

  private RequestTarget() {}

  /** Path and query, where the target is in absolute form; else as it is. Spec: RFC 9112 3.2. */
  static String originForm(HttpRequest request) {
    Matcher absolute = ABSOLUTE.matcher(request.uri());
    if (!absolute.matches()) {
      return request.uri();
    }
    String rest = absolute.group(1);
    return rest.startsWith("/") ? rest : "/" + rest;
  }
}
