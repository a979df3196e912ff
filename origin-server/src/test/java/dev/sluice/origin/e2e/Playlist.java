package dev.sluice.origin.e2e;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An HLS playlist taken apart, by another parser than our writer's.
 *
 * @param tags in their order
 * @param uris the lines that are none
 */
record Playlist(List<Tag> tags, List<String> uris) {
  private static final Pattern ATTRIBUTE =
      Pattern.compile("([A-Z0-9-]+)=(\"[^\"\\r\\n]*\"|[^\",\\s]+)(,|$)");

  /**
   * A tag.
   *
   * @param value behind the colon, empty where there is none
   */
  record Tag(String name, String value) {

    /** An attribute without its quotes; fails where it is not there. */
    String get(String attribute) {
      String found = attributes().get(attribute);
      if (found == null) {
        throw new AssertionError("%s: no %s: %s".formatted(name, attribute, value));
      }
      return found;
    }

    Map<String, String> attributes() {
      var attributes = new LinkedHashMap<String, String>();
      var matcher = ATTRIBUTE.matcher(value);
      int end = 0;
      while (matcher.find() && matcher.start() == end) {
        attributes.put(matcher.group(1), matcher.group(2).replace("\"", ""));
        end = matcher.end();
      }
      if (end != value.length()) {
        throw new AssertionError("no attribute list: " + value);
      }
      return attributes;
    }
  }

  static Playlist parse(String text) {
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
    return new Playlist(tags, uris);
  }

  List<Tag> all(String name) {
    return tags.stream().filter(tag -> tag.name().equals(name)).toList();
  }

  boolean has(String name) {
    return !all(name).isEmpty();
  }

  /** The attribute lists of all tags of a name, as text. */
  List<String> values(String name) {
    return all(name).stream().map(Tag::value).toList();
  }

  /** The URIs of the playlists that a multivariant playlist names, each once. */
  List<String> playlists() {
    var all = new ArrayList<>(uris);
    for (String tag : List.of("EXT-X-MEDIA", "EXT-X-I-FRAME-STREAM-INF")) {
      all(tag).forEach(t -> all.add(t.get("URI")));
    }
    return all.stream().distinct().toList();
  }
}
