package dev.sluice.origin.http;

import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.Query;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * A request that is complete and sound, on its way to its answer.
 *
 * @param method as it came, HEAD included
 * @param rawTarget in origin form; may hold a token
 * @param protocol for the access log: {@code HTTP/1.1} or {@code HTTP/2}
 */
record Exchange(
    String method,
    String rawTarget,
    HttpHeaders headers,
    Bytes body,
    Caller caller,
    String protocol,
    HttpService.Endpoint endpoint,
    long startNanos) {

  boolean isHead() {
    return method.equals("HEAD");
  }

  /** The path, without the query. */
  String path() {
    return rawTarget.substring(0, Query.pathEnd(rawTarget));
  }

  HttpCall call() {
    return new HttpCall(isHead() ? "GET" : method, rawTarget, body, caller);
  }

  @Override
  public String toString() {
    return "Exchange[" + method + "]";
  }
}
