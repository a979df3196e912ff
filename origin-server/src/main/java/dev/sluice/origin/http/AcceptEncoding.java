package dev.sluice.origin.http;

import java.util.List;

/** The {@code Accept-Encoding} field. Spec: RFC 9110 12.5.3. */
final class AcceptEncoding {
  private static final int MAX_CODINGS = 64;

  private AcceptEncoding() {}

  /** Whether the fields of a head, taken together, ask for gzip. */
  static boolean acceptsGzip(List<String> fields) {
    boolean any = false;
    int seen = 0;
    for (String field : fields) {
      int at = 0;
      while (at <= field.length() && seen++ < MAX_CODINGS) {
        int comma = field.indexOf(',', at);
        int end = comma < 0 ? field.length() : comma;
        int semicolon = field.indexOf(';', at);
        int nameEnd = semicolon < 0 || semicolon > end ? end : semicolon;
        boolean refused = nameEnd < end && isZero(field, nameEnd + 1, end);
        if (isToken(field, at, nameEnd, "gzip") || isToken(field, at, nameEnd, "x-gzip")) {
          return !refused;
        }
        any |= isToken(field, at, nameEnd, "*") && !refused;
        at = end + 1;
      }
    }
    return any;
  }

  /** {@code q=0}, in any of its forms. */
  private static boolean isZero(String field, int start, int end) {
    int at = skipSpace(field, start, end);
    if (at == end || (field.charAt(at) | 0x20) != 'q') {
      return false;
    }
    at = skipSpace(field, at + 1, end);
    if (at == end || field.charAt(at) != '=') {
      return false;
    }
    at = skipSpace(field, at + 1, end);
    if (at == end || field.charAt(at) != '0') {
      return false;
    }
    at++;
    if (at < end && field.charAt(at) == '.') {
      int digits = at + 1;
      at = digits;
      while (at < end && field.charAt(at) == '0' && at - digits < 3) {
        at++;
      }
    }
    return skipSpace(field, at, end) == end;
  }

  private static boolean isToken(String field, int start, int end, String token) {
    int first = skipSpace(field, start, end);
    return field.regionMatches(/* ignoreCase= */ true, first, token, 0, token.length())
        && skipSpace(field, first + token.length(), end) == end;
  }

  private static int skipSpace(String field, int start, int end) {
    int at = start;
    while (at < end && (field.charAt(at) == ' ' || field.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }
}
