package dev.sluice.origin.http;

import dev.sluice.origin.media.Answer;
import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.OriginRequest;
import java.util.Optional;

/** What answers the origin's requests. */
@FunctionalInterface
public interface RequestHandler {
  /**
   * The answer to a request. Called on a virtual thread, so it may block.
   *
   * @throws dev.sluice.origin.failure.Failure if it is not served
   */
  Answer answer(OriginRequest request, Caller caller);

  /**
   * The answer to a request, where it is in memory and still the one that {@link #answer} would
   * give. Called on an event loop, so it does not block.
   */
  default Optional<Answer> atHand(OriginRequest request, Caller caller) {
    return Optional.empty();
  }
}
