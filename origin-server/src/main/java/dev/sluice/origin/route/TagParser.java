package dev.sluice.origin.route;

import dev.sluice.origin.route.StreamTags.Encryption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tags ({@code tag=value}) to {@link StreamTags}: any order, any case, each once. */
final class TagParser {
  private static final Set<String> TAGS =
      Set.of("format", "encryption", "filter", "audiotrack", "audio-only", "type", "system");
  private static final List<String> SYSTEMS =
      List.of("fairplay", "widevine", "playready", "clearkey", "identity");
  private static final Pattern FILTER = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final int MAX_FILTERS = 10;
  private static final int MAX_TAG_CHARS = 32;
  private static final int MAX_TRACK_CHARS = 255;

  private TagParser() {}

  static StreamTags parse(List<String> items) {
    var tags = new HashMap<String, String>();
    for (String item : items) {
      int equals = item.indexOf('=');
      if (equals < 0) {
        throw UrlGrammar.badSyntax("tag: (expected: tag=value)");
      }
      String tag = item.substring(0, equals).toLowerCase(Locale.ROOT);
      if (!TAGS.contains(tag)) {
        throw UrlGrammar.badSyntax("tag: " + printable(tag) + " (expected: a known tag)");
      }
      if (tags.put(tag, item.substring(equals + 1)) != null) {
        throw UrlGrammar.badSyntax("tag: " + tag + " (expected: once)");
      }
    }
    return new StreamTags(
        format(tags.get("format")),
        Optional.ofNullable(tags.get("encryption"))
            .map(value -> one("encryption", value, Encryption.values(), Encryption::value)),
        filters(tags),
        audioTrack(tags),
        bool("audio-only", tags.getOrDefault("audio-only", "false")),
        keyframes(tags),
        systems(tags));
  }

  private static Format format(@Nullable String value) {
    if (value == null) {
      return Format.SMOOTH;
    }
    Format[] named = Arrays.copyOfRange(Format.values(), 1, Format.values().length);
    return one("format", value, named, Format::value);
  }

  private static List<String> filters(Map<String, String> tags) {
    String value = tags.get("filter");
    if (value == null) {
      return List.of();
    }
    List<String> names = List.of(value.split(";", -1));
    if (names.size() > MAX_FILTERS
        || names.stream().anyMatch(name -> !FILTER.matcher(name).matches())) {
      throw UrlGrammar.badSyntax(
          "filter: (expected: at most " + MAX_FILTERS + " names, joined by ';')");
    }
    return names;
  }

  private static Optional<String> audioTrack(Map<String, String> tags) {
    String value = tags.get("audiotrack");
    if (value != null && (value.isEmpty() || value.length() > MAX_TRACK_CHARS)) {
      throw UrlGrammar.badSyntax("audiotrack: (expected: a track's name)");
    }
    return Optional.ofNullable(value);
  }

  private static boolean keyframes(Map<String, String> tags) {
    String value = tags.get("type");
    if (value != null && !value.equalsIgnoreCase("keyframes")) {
      throw UrlGrammar.badSyntax("type: " + printable(value) + " (expected: keyframes)");
    }
    return value != null;
  }

  private static List<String> systems(Map<String, String> tags) {
    String value = tags.get("system");
    if (value == null) {
      return List.of();
    }
    List<String> named = List.of(value.toLowerCase(Locale.ROOT).split(";", -1));
    if (Set.copyOf(named).size() != named.size() || !SYSTEMS.containsAll(named)) {
      throw UrlGrammar.badSyntax(
          "system: "
              + printable(value)
              + " (expected: of "
              + String.join(", ", SYSTEMS)
              + ", each once, joined by ';')");
    }
    return named;
  }

  private static boolean bool(String tag, String value) {
    if (value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")) {
      return Boolean.parseBoolean(value);
    }
    throw UrlGrammar.badSyntax(tag + ": " + printable(value) + " (expected: true or false)");
  }

  private static <T> T one(String tag, String value, T[] all, Function<T, String> name) {
    return Arrays.stream(all)
        .filter(candidate -> name.apply(candidate).equalsIgnoreCase(value))
        .findFirst()
        .orElseThrow(() ->
            UrlGrammar.badSyntax(
                "%s: %s (expected: %s)"
                    .formatted(
                        tag,
                        printable(value),
                        String.join(", ", Arrays.stream(all).map(name).toList()))));
  }

  private static String printable(String text) {
    String shown = text.replaceAll("[^A-Za-z0-9._;-]", "?");
    return shown.length() <= MAX_TAG_CHARS ? shown : shown.substring(0, MAX_TAG_CHARS) + "...";
  }
}
