package dev.sluice.origin.failure;

/** The storage behind us has not given what it should. */
public final class StoreFailure extends Failure {
  private static final long serialVersionUID = 1;

  /** A failure with this code and a sentence that says what was expected. */
  public StoreFailure(FailureCode code, String message) {
    super(code, message, false);
  }
}
