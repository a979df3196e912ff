package dev.sluice.origin.manifest.hls;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The attribute list of a tag, in the order of the calls. No value can end its quotes or its line:
 * what a URI must not hold is percent-encoded, what a text must not hold is replaced.
 *
 * <p>Spec: RFC 8216 4.2.
 */
final class AttributeList {
  /**
   * What RFC 3986 lets a URI hold as it is, the percent sign of what is encoded already included.
   */
  private static final String URI_PUNCTUATION = "-._~:/?#[]@!$&'()*+,;=%";

  private final StringBuilder out = new StringBuilder();

  /** An enumerated string, a resolution, or a number that is printed already. */
  AttributeList plain(String name, String value) {
    out.append(out.isEmpty() ? "" : ",").append(name).append('=').append(value);
    return this;
  }

  /** A decimal integer. */
  AttributeList number(String name, long value) {
    return plain(name, Long.toString(value));
  }

  /** A quoted string. Quotes become apostrophes, control characters spaces. */
  AttributeList text(String name, String value) {
    return plain(name, '"' + printable(value) + '"');
  }

  /** A quoted string that is a URI. */
  AttributeList uri(String name, String value) {
    return plain(name, '"' + encoded(value) + '"');
  }

  /** A hexadecimal sequence, {@code 0x} and two digits a byte. */
  AttributeList hex(String name, byte[] value) {
    return plain(name, "0x" + HexFormat.of().formatHex(value));
  }

  @Override
  public String toString() {
    return out.toString();
  }

  /** The text as a quoted string may hold it. */
  static String printable(String text) {
    var out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          if (c == '"') {
            out.append('\'');
          } else if (isControl(c)) {
            out.append(' ');
          } else {
            out.appendCodePoint(c);
          }
        });
    return out.toString();
  }

  private static boolean isControl(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  private static String encoded(String uri) {
    var out = new StringBuilder(uri.length());
    for (byte b : uri.getBytes(StandardCharsets.UTF_8)) {
      boolean legal =
          (b >= '0' && b <= '9')
              || (b >= 'A' && b <= 'Z')
              || (b >= 'a' && b <= 'z')
              || URI_PUNCTUATION.indexOf(b) >= 0;
      if (legal) {
        out.append((char) b);
      } else {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return out.toString();
  }
}
