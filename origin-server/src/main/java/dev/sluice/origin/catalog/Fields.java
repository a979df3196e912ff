package dev.sluice.origin.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The members of a JSON object that is read strictly: each is refused by name and place unless it
 * is known and as expected. A member that is {@code null} counts as absent.
 */
final class Fields {
  private static final int TEXT_MAX_CHARS = 8192;
  private static final int LIST_MAX = 1000;
  private static final int SHOWN_MAX_CHARS = 80;

  private final JsonNode node;
  private final String subject;
  private final String path;
  private final String place;

  /**
   * @param subject the document, for example {@code Asset "bear"}
   * @param path to this object within it, empty or ending in a dot
   * @param place where the document stood
   */
  Fields(JsonNode node, String subject, String path, String place) {
    this.node = node;
    this.subject = subject;
    this.path = path;
    this.place = place;
  }

  /** Refuses every member but these. */
  Fields only(String... known) {
    List<String> names = Arrays.asList(known);
    for (Iterator<String> i = node.fieldNames(); i.hasNext(); ) {
      String name = i.next();
      if (!names.contains(name)) {
        throw refusal(
            "%s: %s%s (unknown field; known: %s)"
                .formatted(subject, path, shown(name), String.join(", ", names)));
      }
    }
    return this;
  }

  JsonNode node() {
    return node;
  }

  boolean has(String name) {
    return node.hasNonNull(name);
  }

  Optional<String> findText(String name) {
    return findText(name, TEXT_MAX_CHARS);
  }

  Optional<String> findText(String name, int maxChars) {
    if (!has(name)) {
      return Optional.empty();
    }
    JsonNode value = node.get(name);
    if (!value.isTextual()) {
      throw refuse(name, typeOf(value), "a string");
    }
    if (value.textValue().isEmpty() || value.textValue().length() > maxChars) {
      throw refuse(
          name,
          value.textValue().length() + " characters",
          "1 to %d characters".formatted(maxChars));
    }
    return Optional.of(value.textValue());
  }

  String text(String name, String expected) {
    return findText(name).orElseThrow(() -> refuse(name, "missing", expected));
  }

  /** A whole number in the range, both ends included. */
  Optional<Long> findInteger(String name, long min, long max) {
    if (!has(name)) {
      return Optional.empty();
    }
    JsonNode value = node.get(name);
    String expected = "a whole number from %d to %d".formatted(min, max);
    if (!value.isIntegralNumber()) {
      throw refuse(name, typeOf(value), expected);
    }
    if (!value.canConvertToLong() || value.longValue() < min || value.longValue() > max) {
      throw refuse(name, shown(value.asText()), expected);
    }
    return Optional.of(value.longValue());
  }

  Optional<Boolean> findBoolean(String name) {
    if (!has(name)) {
      return Optional.empty();
    }
    if (!node.get(name).isBoolean()) {
      throw refuse(name, typeOf(node.get(name)), "true or false");
    }
    return Optional.of(node.get(name).booleanValue());
  }

  /** A list of strings; absent: none. */
  List<String> texts(String name) {
    List<String> out = new ArrayList<>();
    for (JsonNode element : list(name)) {
      if (!element.isTextual()) {
        throw refuse("%s[%d]".formatted(name, out.size()), typeOf(element), "a string");
      }
      if (element.textValue().isEmpty() || element.textValue().length() > TEXT_MAX_CHARS) {
        throw refuse(
            "%s[%d]".formatted(name, out.size()),
            element.textValue().length() + " characters",
            "1 to %d characters".formatted(TEXT_MAX_CHARS));
      }
      if (out.contains(element.textValue())) {
        throw refuse(
            "%s[%d]".formatted(name, out.size()), shown(element.textValue()), "each only once");
      }
      out.add(element.textValue());
    }
    return List.copyOf(out);
  }

  /** A list of objects; absent: none. */
  List<Fields> objects(String name) {
    List<Fields> out = new ArrayList<>();
    for (JsonNode element : list(name)) {
      String indexed = "%s[%d]".formatted(name, out.size());
      if (!element.isObject()) {
        throw refuse(indexed, typeOf(element), "an object");
      }
      out.add(new Fields(element, subject, path + indexed + ".", place));
    }
    return out;
  }

  Optional<Fields> findObject(String name) {
    if (!has(name)) {
      return Optional.empty();
    }
    if (!node.get(name).isObject()) {
      throw refuse(name, typeOf(node.get(name)), "an object");
    }
    return Optional.of(new Fields(node.get(name), subject, path + name + ".", place));
  }

  /** The object; empty if it is absent or a text. */
  Optional<Fields> findObjectOrText(String name) {
    return has(name) && node.get(name).isTextual() ? Optional.empty() : findObject(name);
  }

  Fields object(String name, String expected) {
    return findObject(name).orElseThrow(() -> refuse(name, "missing", expected));
  }

  <E extends Enum<E>> E word(Class<E> type, String name) {
    String expected = "one of " + Words.all(type);
    String word = text(name, expected);
    return Words.parse(type, word).orElseThrow(() -> refuse(name, shown(word), expected));
  }

  private Iterable<JsonNode> list(String name) {
    if (!has(name)) {
      return List.of();
    }
    JsonNode value = node.get(name);
    if (!value.isArray()) {
      throw refuse(name, typeOf(value), "a list");
    }
    if (value.size() > LIST_MAX) {
      throw refuse(name, value.size() + " entries", "at most %d entries".formatted(LIST_MAX));
    }
    return value;
  }

  /** The refusal of a member. What is shown of its value must be no secret. */
  CallerFailure refuse(String name, String shown, String expected) {
    return refusal("%s: %s%s: %s (expected: %s)".formatted(subject, path, name, shown, expected));
  }

  private CallerFailure refusal(String message) {
    return new CallerFailure(FailureCode.BAD_REQUEST, message + " at " + place);
  }

  /** A value as messages show it: one line, not long. */
  static String shown(String value) {
    String line =
        value.codePoints().anyMatch(Character::isISOControl)
            ? value.replaceAll("\\p{Cntrl}", "?")
            : value;
    return line.length() <= SHOWN_MAX_CHARS ? line : line.substring(0, SHOWN_MAX_CHARS) + "...";
  }

  static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT, POJO -> "an object";
      case STRING, BINARY -> "a string";
      case NUMBER -> "the number " + shown(value.asText());
      case BOOLEAN -> value.asText();
      case NULL, MISSING -> "null";
    };
  }
}
