package dev.sluice.origin.config;

import dev.sluice.origin.config.SettingsReader.Entry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Entries by key, read as what they should be. Remembers which were asked for. */
final class Values {
  private final Map<String, Entry> unread;
  private final TreeSet<String> known = new TreeSet<>();

  Values(Map<String, Entry> entries) {
    this.unread = new HashMap<>(entries);
  }

  Optional<String> text(String key) {
    return take(key).map(entry -> single(key, entry));
  }

  List<String> list(String key, List<String> otherwise) {
    return take(key).map(Entry::values).orElse(otherwise);
  }

  int integer(String key, int otherwise, int min, int max) {
    Optional<Entry> entry = take(key);
    if (entry.isEmpty()) {
      return otherwise;
    }
    String text = single(key, entry.get());
    try {
      int value = Integer.parseInt(text);
      if (min <= value && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Refused below.
    }
    throw refused(key, text, min + " to " + max, entry.get());
  }

  boolean bool(String key, boolean otherwise) {
    Optional<Entry> entry = take(key);
    if (entry.isEmpty()) {
      return otherwise;
    }
    String text = single(key, entry.get());
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refused(key, text, "true or false", entry.get());
    };
  }

  Duration duration(String key, String otherwise) {
    Entry entry = take(key).orElse(new Entry(List.of(otherwise), false, "defaults"));
    String text = single(key, entry);
    return Units.parseDuration(text)
        .orElseThrow(() -> refused(key, text, "a time such as 10s", entry));
  }

  int bytes(String key, String otherwise) {
    Entry entry = take(key).orElse(new Entry(List.of(otherwise), false, "defaults"));
    String text = single(key, entry);
    return Units.parseBytes(text)
        .filter(value -> value > 0 && value <= 1 << 30)
        .map(Math::toIntExact)
        .orElseThrow(() -> refused(key, text, "a size such as 64 KiB, at most 1 GiB", entry));
  }

  void requireAllRead() {
    for (Map.Entry<String, Entry> left : unread.entrySet()) {
      throw new SettingsException(
          "unknown setting: %s (expected: one of %s) at %s"
              .formatted(left.getKey(), String.join(", ", known), left.getValue().place()));
    }
  }

  private Optional<Entry> take(String key) {
    known.add(key);
    return Optional.ofNullable(unread.remove(key));
  }

  private static String single(String key, Entry entry) {
    if (entry.values().size() != 1) {
      throw refused(key, String.join(", ", entry.values()), "one value", entry);
    }
    return entry.values().getFirst();
  }

  private static SettingsException refused(String key, String value, String rule, Entry entry) {
    return new SettingsException(
        "%s: %s (expected: %s) at %s".formatted(key, value, rule, entry.place()));
  }
}
