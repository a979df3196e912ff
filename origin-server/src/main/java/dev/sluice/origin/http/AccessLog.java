package dev.sluice.origin.http;

import java.time.Instant;

/** Where answered requests are written down. Called on event loops, so it must not block. */
@FunctionalInterface
public interface AccessLog {
  /** Writes an entry down. */
  void write(Entry entry);

  /** Whether entries are wanted at all: each is made of a request's path and the time of day. */
  default boolean isOn() {
    return true;
  }

  /** Writes nothing down. */
  AccessLog NONE =
      new AccessLog() {
        @Override
        public void write(Entry entry) {}

        @Override
        public boolean isOn() {
          return false;
        }
      };

  /**
   * An answered request, without its query, which may hold a token.
   *
   * @param bytes of the body that were written
   * @param complete whether all of the answer was written
   */
  record Entry(
      Instant time,
      String method,
      String path,
      int status,
      long bytes,
      long millis,
      String protocol,
      boolean complete) {}
}
