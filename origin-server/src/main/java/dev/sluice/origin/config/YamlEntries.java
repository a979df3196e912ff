package dev.sluice.origin.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.sluice.origin.config.SettingsReader.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A YAML mapping of scalars, lists of scalars, and mappings, flattened: what stands as {@code b} in
 * the mapping {@code a} has the key {@code a.b}, and what stands so in the first mapping of a list
 * {@code a} has {@code a.0.b}. Each entry has its line.
 */
final class YamlEntries {
  private static final YAMLFactory YAML = new YAMLFactory();
  private static final int MAX_VALUES = 1_000;
  private static final int MAX_DEPTH = 4;

  private final JsonParser in;
  private final String fileName;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private YamlEntries(JsonParser in, String fileName) {
    this.in = in;
    this.fileName = fileName;
  }

  static Map<String, Entry> parse(String text, String fileName) {
    try (JsonParser in = YAML.createParser(text)) {
      var yaml = new YamlEntries(in, fileName);
      JsonToken first = in.nextToken();
      if (first != null && first != JsonToken.VALUE_NULL) {
        yaml.require(first == JsonToken.START_OBJECT, "settings: (expected: key: value)");
        yaml.readMapping("", 1);
      }
      return yaml.entries;
    } catch (IOException e) {
      throw new SettingsException(fileName + ": " + e.getMessage());
    }
  }

  private void readMapping(String prefix, int depth) throws IOException {
    require(depth <= MAX_DEPTH, prefix + " (expected: at most " + MAX_DEPTH + " levels)");
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String key = prefix + in.currentName();
      String place = place();
      JsonToken value = in.nextToken();
      if (value == JsonToken.START_OBJECT) {
        readMapping(key + ".", depth + 1);
      } else if (value == JsonToken.START_ARRAY) {
        put(key, new Entry(readList(key, depth), true, place));
      } else {
        put(key, new Entry(List.of(scalar(key)), false, place));
      }
    }
  }

  /** The scalars of a list. Its mappings become entries of their own. */
  private List<String> readList(String key, int depth) throws IOException {
    var values = new ArrayList<String>();
    for (int item = 0; in.nextToken() != JsonToken.END_ARRAY; item++) {
      require(item < MAX_VALUES, key + ": too many values");
      if (in.currentToken() == JsonToken.START_OBJECT) {
        readMapping(key + "." + item + ".", depth + 1);
      } else {
        values.add(scalar(key));
      }
    }
    return values;
  }

  private String scalar(String key) throws IOException {
    JsonToken token = in.currentToken();
    require(
        token != null && token.isScalarValue() && token != JsonToken.VALUE_NULL,
        key + ": (expected: a value)");
    return in.getText();
  }

  private void put(String key, Entry entry) {
    require(entries.put(key, entry) == null, key + ": (expected: once)");
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw new SettingsException(message + " at " + place());
    }
  }

  private String place() {
    return fileName + ", line " + in.currentTokenLocation().getLineNr();
  }
}
