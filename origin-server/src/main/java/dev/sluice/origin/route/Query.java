package dev.sluice.origin.route;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The query of a request target. What nobody asks for is ignored. */
public final class Query {
  private Query() {}

  /** Where the path of a target ends: at the question mark, or at its end. */
  public static int pathEnd(String rawTarget) {
    int mark = rawTarget.indexOf('?');
    return mark < 0 ? rawTarget.length() : mark;
  }

  /** The value of the first parameter of this name, without regard to case; decoded. */
  public static Optional<String> find(String rawTarget, String name) {
    int end = pathEnd(rawTarget);
    if (end == rawTarget.length()) {
      return Optional.empty();
    }
    for (String parameter : rawTarget.substring(end + 1).split("&", -1)) {
      int equals = parameter.indexOf('=');
      if (equals == name.length() && parameter.regionMatches(true, 0, name, 0, equals)) {
        return decode(parameter.substring(equals + 1));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> decode(String raw) {
    try {
      return Optional.of(URLDecoder.decode(raw, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException badEscape) {
      throw UrlGrammar.badSyntax("query: (expected: two hex digits behind '%')");
    }
  }
}
