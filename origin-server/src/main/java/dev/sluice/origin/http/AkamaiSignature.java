package dev.sluice.origin.http;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Akamai's signature header authentication (G2O): two header fields by which its edge servers prove
 * that a request comes from them.
 *
 * <pre>
 *   X-Akamai-G2O-Auth-Data: version, edge address, client address, time, unique id, key identifier
 *   X-Akamai-G2O-Auth-Sign: base64(HMAC(key, value of Auth-Data | request target))
 *   version   3: HMAC-MD5, 4: HMAC-SHA-1, 5: HMAC-SHA-256; 1 and 2 are no MACs and are refused
 *   time      in seconds since 1970
 *   target    path and query as the edge sends them, nothing decoded
 * </pre>
 */
final class AkamaiSignature {
  static final String DATA = "x-akamai-g2o-auth-data";
  static final String SIGN = "x-akamai-g2o-auth-sign";

  /** How far the edge's clock and ours may be apart. */
  private static final Duration TOLERANCE = Duration.ofSeconds(30);

  private static final Pattern FIELDS =
      Pattern.compile(
          "([345])[ ]*,[^,]{1,64},[^,]{1,64},[ ]*([0-9]{1,12})[ ]*,[^,]{1,128},"
              + "[ ]*([A-Za-z0-9._-]{1,128})[ ]*");

  private AkamaiSignature() {}

  /**
   * Refuses a request that no edge server signed within the last, or the next, {@link #TOLERANCE}.
   *
   * @throws CallerFailure {@code SIGNATURE_REFUSED}
   */
  static void require(String rawTarget, HttpHeaders headers, List<AkamaiKey> keys, Instant now) {
    List<String> data = headers.getAll(DATA);
    List<String> sign = headers.getAll(SIGN);
    if (data.size() != 1 || sign.size() != 1) {
      throw refused("signature: absent (expected: X-Akamai-G2O-Auth-Data and -Sign, each once)");
    }
    Matcher fields = FIELDS.matcher(data.getFirst());
    if (!fields.matches()) {
      throw refused("signature: malformed data (expected: six fields, version 3, 4 or 5)");
    }
    Instant time = Instant.ofEpochSecond(Long.parseLong(fields.group(2)));
    if (Duration.between(time, now).abs().compareTo(TOLERANCE) > 0) {
      throw refused("signature: time (expected: within 30 s of the server's)");
    }
    AkamaiKey key =
        keys.stream()
            .filter(k -> k.identifier().equals(fields.group(3)) && now.isBefore(k.expiration()))
            .findFirst()
            .orElseThrow(() -> refused("signature: unknown or expired key"));
    String expected = sign(fields.group(1).charAt(0), key, data.getFirst(), rawTarget);
    if (!MessageDigest.isEqual(bytes(expected), bytes(sign.getFirst()))) {
      throw refused("signature: wrong");
    }
  }

  /** The value of {@code X-Akamai-G2O-Auth-Sign}. */
  static String sign(char version, AkamaiKey key, String data, String target) {
    String algorithm =
        switch (version) {
          case '3' -> "HmacMD5";
          case '4' -> "HmacSHA1";
          case '5' -> "HmacSHA256";
          default -> throw new IllegalArgumentException("version: " + version);
        };
    try {
      var mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key.secret().toArray(), algorithm));
      mac.update(bytes(data));
      return Base64.getEncoder().encodeToString(mac.doFinal(bytes(target)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The bytes that were on the wire: a head's characters are its bytes. */
  private static byte[] bytes(String ofHead) {
    return ofHead.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static CallerFailure refused(String message) {
    return new CallerFailure(FailureCode.SIGNATURE_REFUSED, message);
  }
}
