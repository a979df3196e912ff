package dev.sluice.origin.http;

import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.ByteRange;
import dev.sluice.origin.media.Bytes;
import java.util.Map;

/**
 * What goes out: the head, and which part of which body. Ownership: whoever holds it closes it,
 * which closes the body.
 *
 * @param headers lower-case names
 * @param part of the body; what {@code Content-Length} says, sent or not
 * @param sendsBody false for HEAD, 204 and 304
 */
record ResponsePlan(
    int status, Map<String, String> headers, Body body, ByteRange part, boolean sendsBody)
    implements AutoCloseable {

  static ResponsePlan ofBytes(int status, Map<String, String> headers, byte[] bytes) {
    return new ResponsePlan(
        status, headers, Body.of(bytes), new ByteRange(0, bytes.length), /* sendsBody= */ true);
  }

  static ResponsePlan ofBytes(int status, Map<String, String> headers, Bytes bytes) {
    return new ResponsePlan(
        status, headers, Body.of(bytes), new ByteRange(0, bytes.size()), /* sendsBody= */ true);
  }

  static ResponsePlan empty(int status, Map<String, String> headers) {
    return new ResponsePlan(
        status, headers, Body.of(new byte[0]), new ByteRange(0, 0), /* sendsBody= */ false);
  }

  /** The same head without a body. */
  ResponsePlan headOnly() {
    return new ResponsePlan(status, headers, body, part, /* sendsBody= */ false);
  }

  @Override
  public void close() {
    body.close();
  }
}
