package dev.sluice.crypto;

import java.io.Serial;

/** There is no native engine here; the message says why. */
final class NoNativeEngineException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  NoNativeEngineException(String message) {
    super(message);
  }

  NoNativeEngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
