package dev.sluice.origin.media;

/** What a track carries. */
public enum TrackKind {
  VIDEO,
  AUDIO,
  TEXT
}
