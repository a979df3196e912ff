package dev.sluice.origin.e2e;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds any run of so many bytes of secrets in any answer: 32 unless told. */
final class ClearScanner {
  static final int WINDOW_BYTES = 32;

  /** Runs of one value stand in every file; a secret has more than this many different bytes. */
  private static final int MIN_DIFFERENT_BYTES = 9;

  private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;

  private record Place(int secret, int offset) {}

  private final int windowBytes;
  private final List<byte[]> secrets;
  private final Map<Long, Place> windows = new HashMap<>();

  ClearScanner(List<byte[]> secrets) {
    this(secrets, WINDOW_BYTES);
  }

  ClearScanner(List<byte[]> secrets, int windowBytes) {
    this.windowBytes = windowBytes;
    this.secrets = List.copyOf(secrets);
    for (int s = 0; s < secrets.size(); s++) {
      byte[] secret = secrets.get(s);
      var hash = new RollingHash(secret);
      for (int at = 0; at + windowBytes <= secret.length; at++) {
        long value = hash.next();
        if (isTelling(secret, at)) {
          windows.put(value, new Place(s, at));
        }
      }
    }
  }

  /** How many windows it knows. */
  int size() {
    return windows.size();
  }

  /** The first leak, as a sentence. */
  Optional<String> leakIn(byte[] answer) {
    if (answer.length < windowBytes) {
      return Optional.empty();
    }
    var hash = new RollingHash(answer);
    for (int at = 0; at + windowBytes <= answer.length; at++) {
      var place = windows.get(hash.next());
      if (place != null
          && Arrays.equals(
              answer,
              at,
              at + windowBytes,
              secrets.get(place.secret()),
              place.offset(),
              place.offset() + windowBytes)) {
        return Optional.of(
            "byte %d of the answer is byte %d of secret %d"
                .formatted(at, place.offset(), place.secret()));
      }
    }
    return Optional.empty();
  }

  private boolean isTelling(byte[] bytes, int at) {
    return java.util.stream.IntStream.range(at, at + windowBytes)
            .map(i -> bytes[i])
            .distinct()
            .count()
        >= MIN_DIFFERENT_BYTES;
  }

  /** The hash of each window of these bytes, one after the other. */
  private final class RollingHash {
    private final long leaving = power(windowBytes);
    private final byte[] bytes;
    private int at;
    private long hash;

    RollingHash(byte[] bytes) {
      this.bytes = bytes;
      for (int i = 0; i < Math.min(windowBytes - 1, bytes.length); i++) {
        hash = hash * FACTOR + bytes[i] + 129;
      }
    }

    long next() {
      hash = hash * FACTOR + bytes[at + windowBytes - 1] + 129;
      if (at > 0) {
        hash -= leaving * (bytes[at - 1] + 129);
      }
      at++;
      return hash;
    }

    private static long power(int exponent) {
      long value = 1;
      for (int i = 0; i < exponent; i++) {
        value *= FACTOR;
      }
      return value;
    }
  }
}
