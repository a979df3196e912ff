package dev.sluice.origin.config;

import dev.sluice.origin.config.SettingsReader.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Entries by key, read as what they should be. Remembers which were asked for. */
final class Values {
  private static final Duration MAX_AGE = Duration.ofDays(365);
  private static final long MAX_ROOM_BYTES = 1L << 40;

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

  /** A size, which may be 0, and more than one answer ever has. */
  long room(String key, String otherwise) {
    Entry entry = take(key).orElse(new Entry(List.of(otherwise), false, "defaults"));
    String text = single(key, entry);
    return Units.parseBytes(text)
        .filter(value -> value >= 0 && value <= MAX_ROOM_BYTES)
        .orElseThrow(() -> refused(key, text, "a size such as 64 MiB, at most 1024 GiB", entry));
  }

  /** A time, at most a year; empty where it is not set. */
  Optional<Duration> optionalDuration(String key) {
    return take(key)
        .map(entry -> {
          String text = single(key, entry);
          return Units.parseDuration(text)
              .filter(time -> time.compareTo(MAX_AGE) <= 0)
              .orElseThrow(() -> refused(key, text, "a time such as 60s, at most 365d", entry));
        });
  }

  /** A list of one or more; empty where it is not set, since a list of none may mean two things. */
  <T> Optional<List<T>> parsed(String key, String rule, Function<String, Optional<T>> parse) {
    return take(key)
        .map(entry -> {
          requireSome(key, entry.values().size(), entry);
          return entry.values().stream()
              .map(text -> parse.apply(text).orElseThrow(() -> refused(key, text, rule, entry)))
              .toList();
        });
  }

  /**
   * A list of one or more mappings, each with exactly these fields; empty where it is not set.
   *
   * @param read makes a value of the fields' texts, in their order; may throw {@link
   *     IllegalArgumentException} with a message as {@link SettingsException} has it
   */
  <T> Optional<List<T>> rows(
      String key, int max, List<String> fields, Function<List<String>, T> read) {
    return take(key)
        .map(entry -> {
          if (!entry.values().isEmpty()) {
            throw refused(key, "a value", "mappings of " + String.join(", ", fields), entry);
          }
          var rows = new ArrayList<T>();
          while (hasRow(key, rows.size(), fields)) {
            if (rows.size() == max) {
              throw refused(key, "more", "at most " + max, entry);
            }
            rows.add(row(key + "." + rows.size(), fields, read, entry));
          }
          requireSome(key, rows.size(), entry);
          return rows;
        });
  }

  /** A text that a check passes; its {@link IllegalArgumentException} says what is wrong. */
  Optional<String> checked(String key, UnaryOperator<String> check) {
    return take(key).map(entry -> explained(key, entry, () -> check.apply(single(key, entry))));
  }

  private boolean hasRow(String key, int index, List<String> fields) {
    return fields.stream().anyMatch(field -> unread.containsKey(key + "." + index + "." + field));
  }

  private <T> T row(String key, List<String> fields, Function<List<String>, T> read, Entry list) {
    var texts = new ArrayList<String>();
    for (String field : fields) {
      String name = key + "." + field;
      Entry entry = unread.remove(name);
      if (entry == null) {
        throw refused(name, "absent", "a value", list);
      }
      texts.add(single(name, entry));
    }
    return explained(key, list, () -> read.apply(texts));
  }

  private static <T> T explained(String key, Entry entry, Supplier<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException e) {
      throw new SettingsException("%s: %s at %s".formatted(key, e.getMessage(), entry.place()));
    }
  }

  private static void requireSome(String key, int count, Entry entry) {
    if (count == 0) {
      throw refused(key, "none", "one or more, or not to be set", entry);
    }
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
