package dev.sluice.origin.policy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Equality of languages written as ISO 639-2 or as RFC 5646 says: {@code eng} is {@code en}. */
final class Languages {

  /** ISO 639-2's bibliographic codes that differ from its terminological ones. */
  private static final Map<String, String> BIBLIOGRAPHIC =
      Map.ofEntries(
          Map.entry("alb", "sq"),
          Map.entry("arm", "hy"),
          Map.entry("baq", "eu"),
          Map.entry("bur", "my"),
          Map.entry("chi", "zh"),
          Map.entry("cze", "cs"),
          Map.entry("dut", "nl"),
          Map.entry("fre", "fr"),
          Map.entry("geo", "ka"),
          Map.entry("ger", "de"),
          Map.entry("gre", "el"),
          Map.entry("ice", "is"),
          Map.entry("mac", "mk"),
          Map.entry("mao", "mi"),
          Map.entry("may", "ms"),
          Map.entry("per", "fa"),
          Map.entry("rum", "ro"),
          Map.entry("slo", "sk"),
          Map.entry("tib", "bo"),
          Map.entry("wel", "cy"));

  private static final Map<String, String> TWO_LETTERS = twoLetters();

  private Languages() {}

  static boolean equal(String one, String other) {
    return normalized(one).equals(normalized(other));
  }

  private static String normalized(String language) {
    String lower = language.toLowerCase(Locale.ROOT);
    int end = lower.indexOf('-');
    String primary = end < 0 ? lower : lower.substring(0, end);
    return TWO_LETTERS.getOrDefault(primary, primary) + lower.substring(primary.length());
  }

  private static Map<String, String> twoLetters() {
    Map<String, String> codes = new HashMap<>(BIBLIOGRAPHIC);
    Arrays.stream(Locale.getISOLanguages())
        .filter(code -> code.length() == 2)
        .forEach(code -> codes.put(Locale.of(code).getISO3Language(), code));
    return Map.copyOf(codes);
  }
}
