package dev.sluice.origin.http;

/** What is fired at a connection's handlers from within. */
enum ConnectionEvent {
  /** A head has begun and was not complete in time. */
  HEAD_TOO_SLOW,
  /** The server stops: no further request is taken. */
  DRAIN
}
