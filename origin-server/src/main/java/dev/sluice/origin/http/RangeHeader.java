package dev.sluice.origin.http;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.ByteRange;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code Range} field. One range of bytes is honoured; several, other units, and what cannot be
 * parsed are answered with the whole. Spec: RFC 9110 14.
 */
final class RangeHeader {
  private static final Pattern ONE = Pattern.compile("(?i)bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*");
  private static final int MAX_DIGITS = 18;

  private RangeHeader() {}

  /**
   * The part that is asked for; empty for the whole.
   *
   * @throws CallerFailure if no byte of the answer lies in the range
   */
  static Optional<ByteRange> parse(String value, long lengthBytes) {
    Matcher match = ONE.matcher(value);
    if (!match.matches() || (match.group(1).isEmpty() && match.group(2).isEmpty())) {
      return Optional.empty();
    }
    if (match.group(1).isEmpty()) {
      long suffix = Math.min(saturated(match.group(2)), lengthBytes);
      return Optional.of(requireSome(lengthBytes - suffix, suffix));
    }
    long first = saturated(match.group(1));
    long last = match.group(2).isEmpty() ? Long.MAX_VALUE : saturated(match.group(2));
    if (last < first) {
      return Optional.empty();
    }
    if (first >= lengthBytes) {
      return Optional.of(requireSome(0, 0));
    }
    return Optional.of(requireSome(first, Math.min(last, lengthBytes - 1) - first + 1));
  }

  private static ByteRange requireSome(long offset, long length) {
    if (length == 0) {
      throw new CallerFailure(
          FailureCode.RANGE_NOT_SATISFIABLE, "range: (expected: begins within the answer)");
    }
    return new ByteRange(offset, length);
  }

  private static long saturated(String digits) {
    int zeros = 0;
    while (zeros < digits.length() - 1 && digits.charAt(zeros) == '0') {
      zeros++;
    }
    return digits.length() - zeros > MAX_DIGITS
        ? Long.MAX_VALUE
        : Long.parseLong(digits, zeros, digits.length(), 10);
  }
}
