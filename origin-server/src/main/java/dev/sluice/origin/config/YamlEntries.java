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

/** A flat YAML mapping of scalars and lists of scalars, each with its line. */
final class YamlEntries {
  private static final YAMLFactory YAML = new YAMLFactory();
  private static final int MAX_VALUES = 1_000;

  private YamlEntries() {}

  static Map<String, Entry> parse(String text, String fileName) {
    var entries = new LinkedHashMap<String, Entry>();
    try (JsonParser in = YAML.createParser(text)) {
      JsonToken first = in.nextToken();
      if (first == null || first == JsonToken.VALUE_NULL) {
        return entries;
      }
      require(first == JsonToken.START_OBJECT, "settings: (expected: key: value)", in, fileName);
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String key = in.currentName();
        String place = place(in, fileName);
        JsonToken value = in.nextToken();
        boolean list = value == JsonToken.START_ARRAY;
        var entry =
            new Entry(list ? values(key, in, fileName) : scalar(key, in, fileName), list, place);
        require(entries.put(key, entry) == null, key + ": (expected: once)", in, fileName);
      }
      return entries;
    } catch (IOException e) {
      throw new SettingsException(fileName + ": " + e.getMessage());
    }
  }

  private static List<String> values(String key, JsonParser in, String fileName)
      throws IOException {
    var values = new ArrayList<String>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      require(values.size() < MAX_VALUES, key + ": too many values", in, fileName);
      values.addAll(scalar(key, in, fileName));
    }
    return values;
  }

  private static List<String> scalar(String key, JsonParser in, String fileName)
      throws IOException {
    JsonToken token = in.currentToken();
    require(
        token != null && token.isScalarValue() && token != JsonToken.VALUE_NULL,
        key + ": (expected: a value)",
        in,
        fileName);
    return List.of(in.getText());
  }

  private static void require(boolean holds, String message, JsonParser in, String fileName) {
    if (!holds) {
      throw new SettingsException(message + " at " + place(in, fileName));
    }
  }

  private static String place(JsonParser in, String fileName) {
    return fileName + ", line " + in.currentTokenLocation().getLineNr();
  }
}
