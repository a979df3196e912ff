package dev.sluice.benchmarks.load;

import java.util.Locale;

/** What a session asks for. */
enum RequestKind {
  MANIFEST,
  INIT,
  KEY,
  VIDEO,
  AUDIO;

  /** The word in reports. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
