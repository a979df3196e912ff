package dev.sluice.origin.http;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Validators: their lists in conditions, and their gzip variants. Spec: RFC 9110 8.8.3, 13. */
final class EntityTags {
  private static final Pattern TAG = Pattern.compile("(W/)?(\"[\\x21\\x23-\\x7e\\x80-\\xff]*\")");
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
      Matcher match = TAG.matcher(field);
      while (match.find() && seen++ < MAX_TAGS) {
        if (current.contains(match.group(2))) {
          return Optional.of(match.group(2));
        }
      }
    }
    return Optional.empty();
  }
}
