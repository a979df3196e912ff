package dev.sluice.origin.http;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.regex.Pattern;

/**
 * Keeps web pages away from endpoints that no other origin may read. A page can send a request to a
 * listener on loopback and change something there, though it cannot read the answer; and under a
 * name of its own that leads to 127.0.0.1 it can read it too.
 */
final class PageGuard {
  private static final Pattern LOCAL =
      Pattern.compile("(?i)(?:localhost|[0-9.]+|\\[[0-9a-f:.]+])(?::[0-9]{1,5})?");

  private PageGuard() {}

  /**
   * Refuses what a page of another origin may have sent.
   *
   * @throws CallerFailure {@code CROSS_ORIGIN_REFUSED} or {@code MISDIRECTED_REQUEST}
   */
  static void require(Exchange exchange) {
    if (exchange.endpoint().cors() != HttpService.Cors.NONE) {
      return;
    }
    if (exchange.headers().contains(HttpHeaderNames.ORIGIN)) {
      throw new CallerFailure(
          FailureCode.CROSS_ORIGIN_REFUSED,
          "origin: present (expected: no web page asks for this)");
    }
    String host = exchange.headers().get(HttpHeaderNames.HOST);
    if (exchange.caller().loopback() && host != null && !LOCAL.matcher(host).matches()) {
      throw new CallerFailure(
          FailureCode.MISDIRECTED_REQUEST, "host: a name (expected: localhost or an address)");
    }
  }
}
