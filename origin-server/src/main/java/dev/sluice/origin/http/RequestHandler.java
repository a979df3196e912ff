package dev.sluice.origin.http;

import dev.sluice.origin.media.Answer;
import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.OriginRequest;

/** What answers the origin's requests. Called on a virtual thread, so it may block. */
@FunctionalInterface
public interface RequestHandler {
  /**
   * The answer to a request.
   *
   * @throws dev.sluice.origin.failure.Failure if it is not served
   */
  Answer answer(OriginRequest request, Caller caller);
}
