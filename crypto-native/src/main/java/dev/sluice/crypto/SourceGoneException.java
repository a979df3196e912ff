package dev.sluice.crypto;

/**
 * A source is a mapping of a file, and its bytes are not there any more: the file has become
 * shorter, or the disk fails. What has been written to the target is of no use.
 */
public final class SourceGoneException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SourceGoneException() {
    super("source: no bytes behind a mapping of a file (expected: all that were mapped)");
  }
}
