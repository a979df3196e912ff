package dev.sluice.origin.http;

import java.util.List;
import java.util.Optional;

/** Validators: their lists in conditions, and their gzip variants. Spec: RFC 9110 8.8.3, 13. */
final class EntityTags {
  private static final int MAX_TAGS = 64;

  private EntityTags() {}

  /** The validator of the gzip variant of an answer. */
  static String gzip(String etag) {
    return etag.substring(0, etag.length() - 1) + "-gzip\"";
  }

  /** The first of {@code current} that an {@code If-None-Match} names, compared weakly. */
  static Optional<String> findMatch(List<String> ifNoneMatch, List<String> current) {
    int seen = 0;
    for (String field : ifNoneMatch) {
      if (field.strip().equals("*")) {
        return Optional.of(current.getFirst());
      }
      int at = field.indexOf('"');
      while (at >= 0 && seen < MAX_TAGS) {
        int end = end(field, at);
        if (end < 0) {
          at = field.indexOf('"', at + 1);
          continue;
        }
        seen++;
        for (String tag : current) {
          if (tag.length() == end - at && field.startsWith(tag, at)) {
            return Optional.of(tag);
          }
        }
        at = field.indexOf('"', end);
      }
    }
    return Optional.empty();
  }

  /** Behind the closing quote of the tag that begins here; negative where it is none. */
  private static int end(String field, int at) {
    int close = at + 1;
    while (close < field.length() && isTagCharacter(field.charAt(close))) {
      close++;
    }
    return close < field.length() && field.charAt(close) == '"' ? close + 1 : -1;
  }

  private static boolean isTagCharacter(char c) {
    return c == 0x21 || (c >= 0x23 && c <= 0x7e) || (c >= 0x80 && c <= 0xff);
  }
}
