package dev.sluice.origin.http;

import dev.sluice.origin.media.Answer;
import java.util.List;

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
