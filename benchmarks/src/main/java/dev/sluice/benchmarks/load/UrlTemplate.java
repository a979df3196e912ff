package dev.sluice.benchmarks.load;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The identifiers of a {@code SegmentTemplate} (DASH 5.3.9.4.4).
 *
 * @param representationId as written
 * @param bandwidth in bits a second
 */
record UrlTemplate(String representationId, long bandwidth) {
  private static final Pattern IDENTIFIER =
      Pattern.compile("\\$(RepresentationID|Number|Bandwidth|Time|)(?:%0(\\d{1,2})d)?\\$");

  /**
   * A URL.
   *
   * @param number of the segment
   * @param time its start in ticks
   */
  String expand(String template, long number, long time) {
    return IDENTIFIER
        .matcher(template)
        .replaceAll(match -> {
          String value =
              switch (match.group(1)) {
                case "RepresentationID" -> representationId;
                case "Number" -> padded(number, match.group(2));
                case "Bandwidth" -> padded(bandwidth, match.group(2));
                case "Time" -> padded(time, match.group(2));
                default -> "$";
              };
          return Matcher.quoteReplacement(value);
        });
  }

  private static String padded(long value, @Nullable String width) {
    String digits = Long.toString(value);
    int missing = width == null ? 0 : Integer.parseInt(width) - digits.length();
    return "0".repeat(Math.max(0, missing)) + digits;
  }
}
