package dev.sluice.origin.e2e;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A sample, slice or audio frame as the source has it, and as it was served.
 *
 * @param encrypted what its scheme encrypts of it, as offset and length
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ServedUnit(String where, byte[] source, byte[] served, List<int[]> encrypted) {

  /** Shorter ends can be equal by chance. */
  private static final int TELLING_BYTES = 8;

  /**
   * What is wrong, as a sentence: a block that should be encrypted and is not, or one that should
   * not and is.
   */
  Optional<String> fault() {
    if (source.length != served.length) {
      return fault("%d bytes, in the source %d".formatted(served.length, source.length));
    }
    int clearFrom = 0;
    for (int[] range : encrypted) {
      int end = range[0] + range[1];
      if (!equal(clearFrom, range[0])) {
        return fault("clear bytes from %d to %d changed".formatted(clearFrom, range[0]));
      }
      if (range[1] >= TELLING_BYTES && equal(range[0], end)) {
        return fault("bytes from %d to %d are not encrypted".formatted(range[0], end));
      }
      clearFrom = end;
    }
    return equal(clearFrom, source.length) ? Optional.empty() : fault("clear end changed");
  }

  private Optional<String> fault(String what) {
    return Optional.of(where + ": " + what);
  }

  private boolean equal(int from, int to) {
    return Arrays.equals(source, from, to, served, from, to);
  }

  /** The source's bytes that are encrypted. */
  List<byte[]> secrets() {
    return encrypted.stream()
        .map(range -> Arrays.copyOfRange(source, range[0], range[0] + range[1]))
        .toList();
  }
}
