package dev.sluice.origin.access;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;

/** The two ways in which a token is not accepted. No message holds any of the token. */
final class TokenFailures {
  private TokenFailures() {}

  static CallerFailure refused(String why) {
    return new CallerFailure(FailureCode.TOKEN_REFUSED, "token: " + why);
  }

  static ServerFailure notImplemented(String what) {
    return new ServerFailure(
        FailureCode.NOT_IMPLEMENTED, "token: this server does not verify " + what + " yet");
  }
}
