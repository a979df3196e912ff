package dev.sluice.origin.failure;

/**
 * A request that is not served, sealed by who is at fault. Thrown without logging; the edge logs
 * once.
 *
 * <p>The message goes to the caller as it is, so it holds no path, key, token or whole URL.
 */
public abstract sealed class Failure extends RuntimeException
    permits CallerFailure, ContentFailure, StoreFailure, ServerFailure {
  private static final long serialVersionUID = 1;

  private final FailureCode code;

  Failure(FailureCode code, String message, boolean withStackTrace) {
    super(message, null, false, withStackTrace);
    this.code = code;
  }

  /** The code that the answer carries. */
  public final FailureCode code() {
    return code;
  }

  /** The message, never absent. */
  public final String detail() {
    String message = getMessage();
    return message == null ? code.name() : message;
  }
}
