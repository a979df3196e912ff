package dev.sluice.origin.http;

import java.time.Duration;

/** What a server counts. Called on event loops and virtual threads; must not block. */
public interface HttpMetrics {
  /** A connection was accepted. */
  default void connectionOpened() {}

  /** A connection that was accepted has gone. */
  default void connectionClosed() {}

  /** A connection was closed at once, since there were too many. */
  default void connectionRefused() {}

  /**
   * A request has been answered, or given up.
   *
   * @param kind of {@link HttpService.Endpoint}
   * @param bytes of the body that were written
   * @param complete whether all of the answer was written
   */
  default void answered(String kind, int status, long bytes, Duration time, boolean complete) {}

  /** Counts nothing. */
  HttpMetrics NONE = new HttpMetrics() {};
}
