package dev.sluice.origin.http;

import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.route.Caller;

/**
 * A whole request, before its target is understood.
 *
 * @param method upper case; HEAD is passed as GET
 * @param rawTarget path and query, as they came; may hold a token, so it is never printed
 * @param body empty where there is none
 */
public record HttpCall(String method, String rawTarget, Bytes body, Caller caller) {
  @Override
  public String toString() {
    return "HttpCall[" + method + "]";
  }
}
