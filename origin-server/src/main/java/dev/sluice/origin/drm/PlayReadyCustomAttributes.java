package dev.sluice.origin.drm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the CUSTOMATTRIBUTES of a PlayReady header hold, for the licence server to read: an element
 * for each attribute, in their order.
 */
public record PlayReadyCustomAttributes(List<Attribute> attributes) {
  /** None. */
  public static final PlayReadyCustomAttributes NONE = new PlayReadyCustomAttributes(List.of());

  /** A name of XML, without those that XML keeps for itself. */
  private static final Pattern NAME = Pattern.compile("(?!(?i:xml))[A-Za-z_][A-Za-z0-9._-]*");

  /**
   * Name and value.
   *
   * @param name ASCII letters, digits and {@code . _ -}
   * @param value text of XML
   */
  public record Attribute(String name, String value) {
    public Attribute {
      if (!NAME.matcher(name).matches() || !XmlText.isWritable(value)) {
        throw new IllegalArgumentException(
            "PlayReady custom attribute: %s (expected: a name and text of XML)".formatted(name));
      }
    }
  }

  public PlayReadyCustomAttributes {
    attributes = List.copyOf(attributes);
  }

  /**
   * The attributes of the service's {@code name1:value1,name2:value2}. Space around a name or value
   * is not part of it; a value may hold colons.
   *
   * @return empty if it is not of this form, or names an attribute twice
   */
  public static Optional<PlayReadyCustomAttributes> parse(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      int colon = pair.indexOf(':');
      String name = colon < 0 ? "" : pair.substring(0, colon).strip();
      String value = pair.substring(colon + 1).strip();
      if (!NAME.matcher(name).matches()
          || !XmlText.isWritable(value)
          || values.put(name, value) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new PlayReadyCustomAttributes(
            values.entrySet().stream().map(e -> new Attribute(e.getKey(), e.getValue())).toList()));
  }

  /** The element, or nothing where there are none. */
  String toXml() {
    return attributes.isEmpty()
        ? ""
        : attributes.stream()
            .map(a -> XmlText.element(a.name(), a.value()))
            .collect(Collectors.joining("", "<CUSTOMATTRIBUTES>", "</CUSTOMATTRIBUTES>"));
  }
}
