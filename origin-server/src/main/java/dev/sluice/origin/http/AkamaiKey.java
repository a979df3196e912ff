package dev.sluice.origin.http;

import dev.sluice.origin.media.Bytes;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A secret that Akamai's edge servers share with us.
 *
 * @param identifier which the edge sends as nonce
 * @param secret never printed
 * @param expiration from when on it is refused
 */
public record AkamaiKey(String identifier, Bytes secret, Instant expiration) {
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final int MIN_SECRET_BYTES = 16;
  private static final int MAX_SECRET_BYTES = 256;

  /**
   * A key as settings write it.
   *
   * @param base64Key the bytes of the secret; Akamai's forms show it as text
   * @param expiration RFC 3339
   * @throws IllegalArgumentException if one is not as it must be; the message never has the secret
   */
  public static AkamaiKey of(String identifier, String base64Key, String expiration) {
    if (!IDENTIFIER.matcher(identifier).matches()) {
      throw new IllegalArgumentException(
          "identifier: %s (expected: 1 to 128 of A-Z, a-z, 0-9, '.', '_' and '-')"
              .formatted(identifier));
    }
    byte[] secret = decode(base64Key);
    if (secret.length < MIN_SECRET_BYTES || secret.length > MAX_SECRET_BYTES) {
      throw new IllegalArgumentException(
          "base64-key: (expected: base64 of %d to %d bytes)"
              .formatted(MIN_SECRET_BYTES, MAX_SECRET_BYTES));
    }
    try {
      return new AkamaiKey(
          identifier, Bytes.copyOf(secret), OffsetDateTime.parse(expiration).toInstant());
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "expiration: %s (expected: a time such as 2030-01-01T00:00:00Z)".formatted(expiration),
          e);
    }
  }

  private static byte[] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      return new byte[0];
    }
  }

  @Override
  public String toString() {
    return "AkamaiKey[identifier=" + identifier + ", expiration=" + expiration + "]";
  }
}
