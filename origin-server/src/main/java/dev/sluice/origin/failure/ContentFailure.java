package dev.sluice.origin.failure;

/**
 * The stored media cannot be served: it is malformed, or it is legal and not supported. The code
 * says which ({@link FailureCode#MPE_INPUT_NOT_SUPPORTED} for malformed).
 */
public final class ContentFailure extends Failure {
  private static final long serialVersionUID = 1;

  private final String place;

  /**
   * @param place where, for example {@code moof/traf[0]/trun, byte 1005}; empty where it has none
   */
  public ContentFailure(FailureCode code, String message, String place) {
    super(code, place.isEmpty() ? message : message + " at " + place, false);
    this.place = place;
  }

  /** Where in the content, empty where it has no place. */
  public String place() {
    return place;
  }
}
