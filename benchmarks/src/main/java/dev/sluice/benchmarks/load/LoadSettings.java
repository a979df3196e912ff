package dev.sluice.benchmarks.load;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to play, and how.
 *
 * @param manifest the URL of an MPD, a playlist or a Smooth manifest
 * @param sessions players at once, at least 1
 * @param duration after which the run ends; empty: when each session has played the title once
 * @param ramp over which the starts are spread
 * @param http the version
 * @param insecure whether any certificate is taken
 * @param rateLimitBits that each session reads a second at most; 0: no limit
 * @param seed of what is chosen at random
 * @param verify whether the structure of segments is checked
 * @param pace how fast segments are asked for
 * @param rendition which one is played
 * @param timeout of a connection, and of each wait for bytes
 * @param tokens of the sessions, in turn; may be empty
 * @param tokenEverywhere whether the token goes with manifests and segments too
 * @param license where ClearKey licences are had if the manifest does not say
 */
record LoadSettings(
    URI manifest,
    int sessions,
    Optional<Duration> duration,
    Duration ramp,
    Http http,
    boolean insecure,
    long rateLimitBits,
    long seed,
    boolean verify,
    Pace pace,
    Choice rendition,
    Duration timeout,
    List<String> tokens,
    boolean tokenEverywhere,
    Optional<URI> license) {
  /** Sessions at most: more need more than one machine. */
  static final int MAX_SESSIONS = 100_000;

  LoadSettings {
    tokens = List.copyOf(tokens);
  }

  enum Http {
    HTTP_1_1("1.1"),
    HTTP_2("2");

    private final String word;

    Http(String word) {
      this.word = word;
    }

    /** As it is written in options and reports. */
    String word() {
      return word;
    }
  }

  enum Pace {
    /** As a player does: until the buffer holds 30 s, and then as it is played. */
    REALTIME,
    /** One segment after another, without a pause. */
    FULL
  }

  /** Among renditions, by bitrate. */
  enum Choice {
    LOWEST,
    HIGHEST,
    RANDOM
  }

  /** The token of a session, counted from 0. */
  Optional<String> token(int session) {
    return tokens.isEmpty() ? Optional.empty() : Optional.of(tokens.get(session % tokens.size()));
  }

  /** Without tokens, and the URL without its query. */
  @Override
  public String toString() {
    return "%d sessions of %s".formatted(sessions, Urls.shown(manifest));
  }
}
