package dev.sluice.origin.failure;

/**
 * The codes that a refused request answers with, each with its status. Those that begin with {@code
 * MPE_} are the codes of the streaming service whose clients know them.
 */
public enum FailureCode {
  MPE_BAD_URL_SYNTAX(400),
  MPE_ENC_ENCRYPTION_NOT_SPECIFIED_IN_URL(400),
  BAD_REQUEST(400),
  TOKEN_REQUIRED(401),
  TOKEN_REFUSED(403),
  KEY_NOT_AVAILABLE(403),
  HTTPS_REQUIRED(403),
  CROSS_ORIGIN_REFUSED(403),
  /** The caller's address is not in the settings' list. */
  ADDRESS_NOT_ALLOWED(403),
  /** The content delivery network's signature is absent or wrong. */
  SIGNATURE_REFUSED(403),
  MPE_OUTPUT_FORMAT_BLOCKED(403),
  MPE_ENC_ENCRYPTION_REQUIRED(403),
  MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY(403),
  /** No such locator, asset or page; also a locator outside its times. */
  MPE_RESOURCE_NOT_FOUND(404),
  MPE_EGRESS_TRACK_NOT_FOUND(404),
  MPE_FRAGMENT_TIMESTAMP_NOT_FOUND(404),
  MPE_EGRESS_FILTER_NOT_FOUND(404),
  /** The asset is set up, its media is not there yet. */
  MPE_STORAGE_RESOURCE_NOT_FOUND(404),
  METHOD_NOT_ALLOWED(405),
  REQUEST_TIMEOUT(408),
  BODY_TOO_LARGE(413),
  URI_TOO_LONG(414),
  RANGE_NOT_SATISFIABLE(416),
  MISDIRECTED_REQUEST(421),
  HEADERS_TOO_LARGE(431),
  MPE_ENC_ALREADY_ENCRYPTED(415),
  /** Two delivery policies of one asset give a protocol the same scheme. */
  MPE_ENC_MULTIPLE_SAME_DELIVERY_TYPE(415),
  /** No key, or more than one, of the wanted type matches a track. */
  MPE_ENC_ENCRYPTION_NOT_SUPPORTED(415),
  /** The input is malformed. */
  MPE_INPUT_NOT_SUPPORTED(415),
  MPE_MEDIA_TYPE_NOT_SUPPORTED(415),
  MPE_VIDEO_ENCODING_NOT_SUPPORTED(415),
  MPE_AUDIO_ENCODING_NOT_SUPPORTED(415),
  MPE_NAL_NOT_SUPPORTED(415),
  /** No track, or no fragment of any track, is left of what filters apply to. */
  MPE_FILTER_REMOVED_ALL_STREAMS(415),
  MPE_FILTER_COMPOSITION_FILTER_COUNT_OVER_LIMIT(415),
  MPE_FILTER_COMPOSITION_MULTIPLE_FIRST_QUALITY_OPERATOR_NOT_ALLOWED(415),
  /** The policies allow it, and this server cannot do it yet. */
  NOT_IMPLEMENTED(501),
  /** An object changed between two reads. */
  MPE_STORAGE_PRECONDITION_FAILED(503),
  MPE_STORAGE_SERVER_BUSY(503),
  OVERLOADED(503),
  MPE_STORAGE_INTERNAL_ERROR(500),
  INTERNAL_ERROR(500);

  private final int status;

  FailureCode(int status) {
    this.status = status;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }
}
