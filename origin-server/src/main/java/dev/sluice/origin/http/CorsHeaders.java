package dev.sluice.origin.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What browsers are told about reading answers from other origins. Never with credentials. */
final class CorsHeaders {
  private static final String EXPOSED =
      "Content-Length, Content-Range, Date, ETag, Accept-Ranges, WWW-Authenticate";
  private static final String ALLOWED =
      "Authorization, Content-Type, Range, If-None-Match, If-Range, SOAPAction, CMCD-Request,"
          + " CMCD-Object, CMCD-Status, CMCD-Session";
  private static final int PREFLIGHT_MAX_AGE_SECONDS = 86_400;

  private CorsHeaders() {}

  /** Adds to the headers of an answer. */
  static void add(
      Map<String, String> headers,
      HttpService.Cors cors,
      HttpHeaders request,
      List<String> keyOrigins) {
    switch (cors) {
      case ANY -> allow(headers, "*");
      case KEYS -> {
        headers.merge("vary", "Origin", (old, added) -> old + ", " + added);
        String origin = request.get("origin");
        if (origin != null && (keyOrigins.isEmpty() || keyOrigins.contains(origin))) {
          allow(headers, origin);
        }
      }
      case NONE -> {}
    }
  }

  /** The answer to OPTIONS, preflight or not. */
  static ResponsePlan preflight(
      HttpService.Endpoint endpoint, HttpHeaders request, List<String> keyOrigins) {
    var headers = new LinkedHashMap<String, String>();
    String methods = allow(endpoint);
    headers.put("allow", methods);
    headers.put("cache-control", "no-store");
    add(headers, endpoint.cors(), request, keyOrigins);
    if (headers.containsKey("access-control-allow-origin")) {
      headers.put("access-control-allow-methods", methods);
      headers.put("access-control-allow-headers", ALLOWED);
      headers.put("access-control-max-age", Integer.toString(PREFLIGHT_MAX_AGE_SECONDS));
    }
    return ResponsePlan.empty(204, headers);
  }

  /** The {@code Allow} field of an endpoint. */
  static String allow(HttpService.Endpoint endpoint) {
    return String.join(", ", endpoint.methods()) + ", OPTIONS";
  }

  private static void allow(Map<String, String> headers, String origin) {
    headers.put("access-control-allow-origin", origin);
    headers.put("access-control-expose-headers", EXPOSED);
  }
}
