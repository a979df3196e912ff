package dev.sluice.benchmarks.load;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Values of options that have units. */
final class OptionValues {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
  private static final Pattern RATE = Pattern.compile("([0-9]{1,9})([kMG]?)");

  private OptionValues() {}

  /** {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}. */
  static final class DurationValue implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      var matcher = matched(DURATION, text, "a duration such as 500ms, 30s, 5m or 2h");
      long value = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(value);
        case "s" -> Duration.ofSeconds(value);
        case "m" -> Duration.ofMinutes(value);
        default -> Duration.ofHours(value);
      };
    }
  }

  /** Bits a second: {@code 800k}, {@code 5M}, {@code 5000000}. */
  static final class RateValue implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      var matcher = matched(RATE, text, "bits a second such as 800k or 5M");
      long value = Long.parseLong(matcher.group(1));
      long unit =
          switch (matcher.group(2)) {
            case "k" -> 1_000L;
            case "M" -> 1_000_000L;
            case "G" -> 1_000_000_000L;
            default -> 1L;
          };
      if (value == 0) {
        throw new TypeConversionException("%s (expected: > 0)".formatted(text));
      }
      return Math.multiplyExact(value, unit);
    }
  }

  /** A whole URL of http or https; what a browser would escape in it is escaped. */
  static final class UrlValue implements ITypeConverter<URI> {
    @Override
    public URI convert(String text) {
      try {
        return Urls.resolve(URI.create("urn:none"), text);
      } catch (LoadFailure _) {
        throw new TypeConversionException("not a URL (expected: http://… or https://…)");
      }
    }
  }

  /** {@code 1.1} or {@code 2}. */
  static final class HttpValue implements ITypeConverter<LoadSettings.Http> {
    @Override
    public LoadSettings.Http convert(String text) {
      for (var http : LoadSettings.Http.values()) {
        if (http.word().equals(text.toLowerCase(Locale.ROOT))) {
          return http;
        }
      }
      throw new TypeConversionException("%s (expected: 1.1 or 2)".formatted(text));
    }
  }

  private static Matcher matched(Pattern pattern, String text, String expected) {
    var matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException("%s (expected: %s)".formatted(text, expected));
    }
    return matcher;
  }
}
