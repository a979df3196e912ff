package dev.sluice.origin.failure;

/**
 * The request cannot be served as it is. Has no stack trace, since a caller can cause it at will.
 */
public final class CallerFailure extends Failure {
  private static final long serialVersionUID = 1;

  /** A failure with this code and a sentence that says what was expected. */
  public CallerFailure(FailureCode code, String message) {
    super(code, message, false);
  }
}
