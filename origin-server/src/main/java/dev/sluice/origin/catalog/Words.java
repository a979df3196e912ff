package dev.sluice.origin.catalog;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The service's spelling of enum constants: {@code PLAY_READY} is {@code PlayReady}. */
public final class Words {
  private static final Set<String> ABBREVIATIONS = Set.of("HLS", "JWT", "SWT", "CC");

  private Words() {}

  /** The constant as documents write it. */
  public static String of(Enum<?> constant) {
    return Arrays.stream(constant.name().split("_", -1))
        .map(part ->
            ABBREVIATIONS.contains(part)
                ? part
                : part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  /** The constant that is spelled so, without regard to case. */
  static <E extends Enum<E>> Optional<E> parse(Class<E> type, String word) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> of(constant).equalsIgnoreCase(word))
        .findFirst();
  }

  static <E extends Enum<E>> String all(Class<E> type) {
    return Arrays.stream(type.getEnumConstants()).map(Words::of).collect(Collectors.joining(", "));
  }
}
