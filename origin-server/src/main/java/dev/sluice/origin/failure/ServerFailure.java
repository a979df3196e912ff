package dev.sluice.origin.failure;

/** We are at fault. */
public final class ServerFailure extends Failure {
  private static final long serialVersionUID = 1;

  /** A failure with this code and a sentence that says what was expected. */
  public ServerFailure(FailureCode code, String message) {
    super(code, message, true);
  }
}
