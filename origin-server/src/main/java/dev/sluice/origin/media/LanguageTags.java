package dev.sluice.origin.media;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Languages as RFC 5646 has them, the shortest code of each, and as ISO 639-2/T has them. */
public final class LanguageTags {

  /** The language of a track that says none. */
  public static final String UNDETERMINED = "und";

  private static final int MAX_LENGTH = 35;
  private static final Map<String, String> TWO_LETTERS = twoLetters();

  private LanguageTags() {}

  /**
   * The tag with the shortest code: {@code eng} and {@code en} are {@code en}, {@code ger} is
   * {@code de}, {@code en-US} stays. What is no tag is {@code und}.
   */
  public static String shortest(String tag) {
    String trimmed = tag.strip();
    if (trimmed.length() > MAX_LENGTH || !trimmed.matches("[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")) {
      return UNDETERMINED;
    }
    String[] parts = trimmed.replace('_', '-').split("-", 2);
    String primary = parts[0].toLowerCase(Locale.ROOT);
    String code = TWO_LETTERS.getOrDefault(primary, primary);
    return parts.length == 1 ? code : code + "-" + parts[1];
  }

  /**
   * Whether two tags say the same language: {@code ger} is {@code de}, {@code en-us} is {@code
   * en-US}. What is no tag is {@code und}.
   */
  public static boolean areEqual(String one, String other) {
    return shortest(one).equalsIgnoreCase(shortest(other));
  }

  /** The three letters of a tag's language, or its first part where it has none. */
  public static String threeLetters(String tag) {
    String primary = tag.split("-", 2)[0];
    if (primary.length() != 2) {
      return primary;
    }
    String code = Locale.of(primary).getISO3Language();
    return code.isEmpty() ? primary : code;
  }

  private static Map<String, String> twoLetters() {
    Map<String, String> codes = new HashMap<>();
    for (String two : Locale.getISOLanguages()) {
      codes.put(Locale.of(two).getISO3Language(), two);
    }
    // The bibliographic codes of ISO 639-2, where they differ.
    String bibliographic =
        "alb sq arm hy baq eu bur my chi zh cze cs dut nl fre fr geo ka ger de gre el ice is"
            + " mac mk mao mi may ms per fa rum ro slo sk tib bo wel cy";
    String[] pairs = bibliographic.split(" ", -1);
    for (int i = 0; i < pairs.length; i += 2) {
      codes.put(pairs[i], pairs[i + 1]);
    }
    return codes;
  }
}
