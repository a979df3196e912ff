package dev.sluice.origin.encrypt;

import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.StoreFailure;

/** What it means that a cipher engine has found the bytes of a mapping gone. */
final class GoneSource {
  private GoneSource() {}

  /** The failure of what was read from it. Tells nothing of the object: clients see it. */
  static StoreFailure failure() {
    return new StoreFailure(
        FailureCode.MPE_STORAGE_PRECONDITION_FAILED,
        "the media changed while it was read (expected: the same until it is read anew)");
  }
}
