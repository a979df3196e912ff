package dev.sluice.origin.route;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * The names of a path, each percent-decoded once.
 *
 * <p>What could mean another path to somebody behind us is refused: empty and dot names, separators
 * however they are written, control characters, a percent sign that is left after decoding, and
 * characters that normalise to any of these.
 *
 * @param names without the separators
 * @param trailingSlash whether the path ends in a slash
 */
record PathSegments(List<String> names, boolean trailingSlash) {
  private static final int MAX_NAMES = 8;

  PathSegments {
    names = List.copyOf(names);
  }

  static PathSegments parse(String rawTarget) {
    String path = rawTarget.substring(0, Query.pathEnd(rawTarget));
    if (path.isEmpty() || path.charAt(0) != '/') {
      throw UrlGrammar.badSyntax("path: (expected: begins with '/')");
    }
    if (path.length() == 1) {
      return new PathSegments(List.of(), true);
    }
    boolean trailingSlash = path.endsWith("/");
    String inner = path.substring(1, path.length() - (trailingSlash ? 1 : 0));
    String[] raw = inner.split("/", MAX_NAMES + 1);
    if (raw.length > MAX_NAMES) {
      throw UrlGrammar.badSyntax("path: too many names (expected: at most " + MAX_NAMES + ")");
    }
    var names = new ArrayList<String>(raw.length);
    for (String name : raw) {
      names.add(requirePlain(decode(name)));
    }
    return new PathSegments(names, trailingSlash);
  }

  private static String decode(String raw) {
    byte[] bytes = new byte[raw.length()];
    int length = 0;
    for (int at = 0; at < raw.length(); at++) {
      char c = raw.charAt(at);
      if (c <= ' ' || c >= 0x7f || c == '\\' || c == '#') {
        throw UrlGrammar.badSyntax("path: a character that must be percent-encoded");
      }
      if (c == '%') {
        int value = at + 2 < raw.length() ? hex(raw.charAt(at + 1), raw.charAt(at + 2)) : -1;
        if (value < 0) {
          throw UrlGrammar.badSyntax("path: (expected: two hex digits behind '%')");
        }
        c = (char) value;
        at += 2;
      }
      bytes[length++] = (byte) c;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      throw UrlGrammar.badSyntax("path: (expected: UTF-8)");
    }
  }

  private static int hex(char high, char low) {
    int h = high < 0x80 ? Character.digit(high, 16) : -1;
    int l = low < 0x80 ? Character.digit(low, 16) : -1;
    return h < 0 || l < 0 ? -1 : h << 4 | l;
  }

  private static String requirePlain(String name) {
    String folded = Normalizer.normalize(name, Normalizer.Form.NFKC);
    boolean dots = folded.chars().allMatch(c -> c == '.');
    boolean separated =
        folded
            .chars()
            .anyMatch(c ->
                c == '/'
                    || c == '\\'
                    || c == '%'
                    || c == 0x2215
                    || c == 0x2044
                    || c == 0x29f5
                    || Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT);
    if (dots || separated || !Normalizer.isNormalized(name, Normalizer.Form.NFC)) {
      throw UrlGrammar.badSyntax("path: a name that no resource has");
    }
    return name;
  }
}
