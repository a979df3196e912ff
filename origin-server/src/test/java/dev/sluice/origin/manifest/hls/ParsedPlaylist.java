package dev.sluice.origin.manifest.hls;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A playlist taken apart, as RFC 8216 4.1 and 4.2 say and no laxer.
 *
 * @param tags in their order
 * @param uris the lines that are none
 */
record ParsedPlaylist(List<Tag> tags, List<String> uris) {
  private static final Pattern ATTRIBUTE =
      Pattern.compile("([A-Z0-9-]+)=(\"[^\"\\r\\n]*\"|[^\",\\s]+)(,|$)");

  /**
   * A tag.
   *
   * @param value behind the colon, empty where there is none
   */
  record Tag(String name, String value) {

    /** The attribute list, with its quotes. */
    Map<String, String> attributes() {
      var attributes = new LinkedHashMap<String, String>();
      var matcher = ATTRIBUTE.matcher(value);
      int end = 0;
      while (matcher.find() && matcher.start() == end) {
        if (attributes.put(matcher.group(1), matcher.group(2)) != null) {
          throw new AssertionError("twice: " + matcher.group(1));
        }
        end = matcher.end();
      }
      if (end != value.length() || value.endsWith(",")) {
        throw new AssertionError("no attribute list: " + value);
      }
      return attributes;
    }

    /** An attribute without quotes, {@code null} as text where there is none. */
    String get(String attribute) {
      return String.valueOf(attributes().get(attribute)).replace("\"", "");
    }

    boolean has(String attribute) {
      return attributes().containsKey(attribute);
    }
  }

  static ParsedPlaylist parse(String text) {
    if (!text.startsWith("#EXTM3U\n") || !text.endsWith("\n") || text.contains("\r")) {
      throw new AssertionError("no playlist: " + text);
    }
    var tags = new ArrayList<Tag>();
    var uris = new ArrayList<String>();
    for (String line : text.substring("#EXTM3U\n".length(), text.length() - 1).split("\n", -1)) {
      if (!line.startsWith("#")) {
        uris.add(line);
        continue;
      }
      int colon = line.indexOf(':');
      tags.add(
          colon < 0
              ? new Tag(line.substring(1), "")
              : new Tag(line.substring(1, colon), line.substring(colon + 1)));
    }
    return new ParsedPlaylist(tags, uris);
  }

  List<Tag> all(String name) {
    return tags.stream().filter(tag -> tag.name().equals(name)).toList();
  }

  boolean has(String name) {
    return !all(name).isEmpty();
  }

  /** The value of the only tag of a name. */
  String value(String name) {
    var found = all(name);
    if (found.size() != 1) {
      throw new AssertionError("%s: %d of them (expected: 1)".formatted(name, found.size()));
    }
    return found.getFirst().value();
  }

  /** The durations of the segments. */
  List<Double> durations() {
    return all("EXTINF").stream()
        .map(tag -> Double.valueOf(tag.value().substring(0, tag.value().indexOf(','))))
        .toList();
  }
}
