package dev.sluice.origin.manifest.dash;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A name as part of a URL's path. Whatever could end the name, or mean something in a template
 * ({@code $}), is percent-encoded.
 */
final class PathName {
  private static final String PLAIN =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";

  private PathName() {}

  static String encode(String name) {
    var out = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      if (PLAIN.indexOf(b) >= 0) {
        out.append((char) b);
      } else {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return out.toString();
  }
}
