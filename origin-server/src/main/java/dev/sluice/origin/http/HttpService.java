package dev.sluice.origin.http;

import dev.sluice.origin.media.Answer;
import java.util.List;
import java.util.Optional;

/** What stands behind a listener: the origin, or the admin's service. */
public interface HttpService {

  /** What holds for a target whatever it answers. Called on an event loop, so it must not block. */
  Endpoint endpoint(String rawTarget);

  /**
   * The answer to a call. Called on a virtual thread, so it may block.
   *
   * @throws dev.sluice.origin.failure.Failure if it is not served
   */
  Answer serve(HttpCall call);

  /**
   * The answer to a call, where it is at hand: the same that {@link #serve} would give now. Called
   * on an event loop, so it must not block, nor work for long; nor may the opening of its body.
   *
   * @return empty where it is not at hand, or none is known; refusals are left to {@link #serve}
   */
  default Optional<Answer> atHand(HttpCall call) {
    return Optional.empty();
  }

  /**
   * What holds for a target whatever it answers.
   *
   * @param kind of a bounded set, for metrics
   * @param methods that it allows, without OPTIONS
   */
  record Endpoint(String kind, List<String> methods, Cors cors) {
    public Endpoint {
      methods = List.copyOf(methods);
    }
  }

  /** Who may read an answer from another origin. */
  enum Cors {
    /** Everybody, without credentials. */
    ANY,
    /** The origins that the settings list for keys, echoed. */
    KEYS,
    /** Nobody. */
    NONE
  }
}
