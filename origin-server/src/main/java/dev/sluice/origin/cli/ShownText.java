package dev.sluice.origin.cli;

/** Text out of a file, made safe for a terminal. */
final class ShownText {
  private ShownText() {}

  /** The text, with what is no character of one line written as an escape. */
  static String of(String text) {
    var out = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (isShown(c)) {
            out.appendCodePoint(c);
          } else {
            out.append("\\u%04x".formatted(c));
          }
        });
    return out.toString();
  }

  private static boolean isShown(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
