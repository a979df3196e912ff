package dev.sluice.origin.mp4;

/**
 * The {@code mdhd} box: a track's timescale and language.
 *
 * <p>Spec: ISOBMFF 8.4.2.
 *
 * @param timescale ticks a second, at least 1
 * @param language ISO 639-2/T, {@code und} where there is none
 */
public record MediaHeaderBox(long timescale, String language) {
  private static final String CLAUSE = "ISOBMFF 8.4.2";
  private static final int LETTER_BITS = 5;
  private static final int LETTERS = 3;

  /** Reads the payload, version 0 or 1. */
  public static MediaHeaderBox read(BoxReader in) {
    int version = in.uint8("version");
    if (version > 1) {
      throw in.malformed("version: %d (expected: 0 or 1)".formatted(version), CLAUSE);
    }
    in.skip(3, "flags");
    in.skip(version == 0 ? 8 : 16, "creation and modification time");
    long timescale = in.uint32("timescale");
    if (timescale == 0) {
      throw in.malformed("timescale: 0 (expected: >= 1)", CLAUSE);
    }
    in.skip(version == 0 ? 4 : 8, "duration");
    return new MediaHeaderBox(timescale, language(in.uint16("language")));
  }

  private static String language(int packed) {
    StringBuilder letters = new StringBuilder();
    for (int i = LETTERS - 1; i >= 0; i--) {
      int letter = ((packed >> (i * LETTER_BITS)) & 0x1F) + 0x60;
      if (letter < 'a' || letter > 'z') {
        return "und";
      }
      letters.append((char) letter);
    }
    return letters.toString();
  }
}
