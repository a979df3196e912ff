package dev.sluice.origin.media;

import java.nio.channels.FileChannel;

/**
 * Bytes of a body that lie in a file as they are, so that a socket can take them from there. Valid
 * until the body is closed.
 */
public interface FileBytes {

  /** The file that holds them. Borrowed: whoever uses it does not close it. */
  FileChannel file();

  /** Where in the file they begin. */
  long offsetBytes();

  /** How many there are. */
  long lengthBytes();

  /**
   * Whether a part of them seems to be in memory, so that sending it needs no wait for storage. A
   * sample of its pages is looked at.
   *
   * @param fromBytes counted from the first of them
   */
  boolean isAtHand(long fromBytes, int lengthBytes);

  /**
   * Looks whether the file is still the version that was opened.
   *
   * @throws dev.sluice.origin.failure.StoreFailure if it has changed
   */
  void requireUnchanged();
}
