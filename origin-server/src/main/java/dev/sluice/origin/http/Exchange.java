package dev.sluice.origin.http;

import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.route.Caller;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request that is complete and sound, on its way to its answer.
 *
 * @param method as it came, HEAD included
 * @param rawTarget in origin form; may hold a token
 * @param peer the socket's other end; IPv4 where it is one mapped into IPv6
 * @param protocol for the access log: {@code HTTP/1.1} or {@code HTTP/2}
 */
record Exchange(
    String method,
    String rawTarget,
    HttpHeaders headers,
    Bytes body,
    Caller caller,
    Optional<InetAddress> peer,
    String protocol,
    HttpService.Endpoint endpoint,
    long startNanos) {
  private static final Pattern QUERY = Pattern.compile("(?i)[?#;&]|%(?:25)*(?:3f|23|3b|26)");

  boolean isHead() {
    return method.equals("HEAD");
  }

  /**
   * The path for the access log: without the query, and without what a client that encodes the
   * question mark makes of it, since either may hold a token.
   */
  String path() {
    Matcher query = QUERY.matcher(rawTarget);
    return query.find() ? rawTarget.substring(0, query.start()) : rawTarget;
  }

  HttpCall call() {
    return new HttpCall(isHead() ? "GET" : method, rawTarget, body, caller);
  }

  @Override
  public String toString() {
    return "Exchange[" + method + "]";
  }
}
