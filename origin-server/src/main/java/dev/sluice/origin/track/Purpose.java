package dev.sluice.origin.track;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a track is meant for, as the server manifest states it, in the words of DASH's role scheme.
 *
 * <p>Spec: ISO/IEC 23009-1 5.8.5.5, table 22.
 *
 * @param role such as {@code alternate}, {@code dub} or {@code commentary}; empty where none is
 *     stated
 * @param accessibility what it helps whom with, such as {@code description}; empty where none is
 *     stated
 */
public record Purpose(Optional<String> role, Optional<String> accessibility) {

  /** Of a track that no manifest says anything of. */
  public static final Purpose UNSTATED = new Purpose(Optional.empty(), Optional.empty());

  /** The words that describe pictures to who does not see them. */
  private static final String DESCRIPTION = "description";

  private static final Set<String> WORDS =
      Set.of(
          "main",
          "alternate",
          "supplementary",
          "commentary",
          "dub",
          DESCRIPTION,
          "caption",
          "subtitle",
          "forced-subtitle",
          "sign",
          "metadata",
          "karaoke",
          "emergency",
          "easyreader",
          "enhanced-audio-intelligibility");

  /** The purpose of these words, in any case. A word that the scheme has not is left out. */
  static Purpose of(Optional<String> role, Optional<String> accessibility) {
    return new Purpose(known(role), known(accessibility));
  }

  /** Whether the sound says what is to be seen. */
  public boolean describesVideo() {
    return role.equals(Optional.of(DESCRIPTION)) || accessibility.equals(Optional.of(DESCRIPTION));
  }

  private static Optional<String> known(Optional<String> word) {
    return word.map(text -> text.strip().toLowerCase(Locale.ROOT)).filter(WORDS::contains);
  }
}
