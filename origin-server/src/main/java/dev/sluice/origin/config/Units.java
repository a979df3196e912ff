package dev.sluice.origin.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Quantities with their unit: {@code 10s}, {@code 64 KiB}. */
final class Units {
  private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,12})\\s*([A-Za-z]*)");

  private Units() {}

  static Optional<Duration> parseDuration(String text) {
    Matcher match = QUANTITY.matcher(text.strip());
    if (!match.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(match.group(1));
    return switch (match.group(2).toLowerCase(Locale.ROOT)) {
      case "ms" -> Optional.of(Duration.ofMillis(number));
      case "s" -> Optional.of(Duration.ofSeconds(number));
      case "m", "min" -> Optional.of(Duration.ofMinutes(number));
      case "h" -> Optional.of(Duration.ofHours(number));
      case "d" -> Optional.of(Duration.ofDays(number));
      default -> Optional.empty();
    };
  }

  static Optional<Long> parseBytes(String text) {
    Matcher match = QUANTITY.matcher(text.strip());
    if (!match.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(match.group(1));
    return switch (match.group(2)) {
      case "B" -> Optional.of(number);
      case "KiB" -> Optional.of(number << 10);
      case "MiB" -> Optional.of(number << 20);
      case "GiB" -> Optional.of(number << 30);
      default -> Optional.empty();
    };
  }
}
