package dev.sluice.origin.http;

import java.time.Duration;

/**
 * What a client may cost.
 *
 * @param requestLineBytes beyond it 414
 * @param headerBytes of all header fields together; beyond it 431
 * @param bodyBytes beyond it 413
 * @param headTime from a request's first byte to its last header, and again for its body; beyond it
 *     408
 * @param idleTime between two requests on a connection
 * @param stallTime without a byte taken by the client, until a connection is closed
 * @param connections at one time
 * @param connectionsPerAddress at one time
 * @param requests in progress at one time; beyond it 503
 */
public record HttpLimits(
    int requestLineBytes,
    int headerBytes,
    int bodyBytes,
    Duration headTime,
    Duration idleTime,
    Duration stallTime,
    int connections,
    int connectionsPerAddress,
    int requests) {

  /** The limits of the public contract, and defaults for the rest. */
  public static final HttpLimits DEFAULT =
      new HttpLimits(
          16 << 10,
          32 << 10,
          64 << 10,
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          20_000,
          2_000,
          20_000);
}
