package dev.sluice.origin.media;

/** What a cache holds, and how it fares. Each figure can be read at any time, and blocks nobody. */
public interface CacheFigures {

  /** Which cache: one word of a fixed set, for metrics. */
  String name();

  /** How many entries it has. */
  long entries();

  /** What they weigh, in bytes. */
  long weightBytes();

  /** What they may weigh together, in bytes. */
  long limitBytes();

  /** How often something was found and still good, since the start. */
  long hits();

  /** How often it was not. */
  long misses();

  /** How many entries had to go for others. */
  long evictions();

  /** How many entries were made. */
  long loads();

  /** How long that took altogether. */
  long loadNanos();
}
