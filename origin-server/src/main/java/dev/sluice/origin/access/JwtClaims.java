package dev.sluice.origin.access;

import static dev.sluice.origin.access.TokenFailures.refused;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.origin.catalog.Document.RequiredClaim;
import dev.sluice.origin.catalog.Document.Restriction.TokenRestricted;
import dev.sluice.origin.media.KeyId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.function.Predicate;

/** The claims of a token whose signature holds, against a restriction (RFC 7519 4.1). */
final class JwtClaims {

  /** The claim that names the one key that a token is for. */
  static final String CONTENT_KEY_ID = "urn:microsoft:azure:mediaservices:contentkeyidentifier";

  /** How far the clocks of issuer and server may differ. */
  static final long LEEWAY_SECONDS = 60;

  /** Digits on either side of a time's decimal point. */
  private static final int MAX_DIGITS = 20;

  /** The end of the year 9999: a later expiry is as good as this one. */
  private static final Instant LATEST = Instant.ofEpochSecond(253_402_300_799L);

  private JwtClaims() {}

  static Grant requireAll(
      JsonNode claims, TokenRestricted restriction, KeyId keyAskedFor, Instant now) {
    var nowSeconds = BigDecimal.valueOf(now.toEpochMilli(), 3);
    Instant expiry = requireTimes(claims, nowSeconds);
    JsonNode issuer = claims.path("iss");
    if (!issuer.isTextual() || !issuer.textValue().equals(restriction.issuer())) {
      throw refused("wrong issuer, iss (expected: exactly that of the key's policy)");
    }
    if (!holds(claims.path("aud"), audience -> isText(audience, restriction.audience()))) {
      throw refused("wrong audience, aud (expected: that of the key's policy)");
    }
    for (RequiredClaim required : restriction.requiredClaims()) {
      require(claims, required, keyAskedFor);
    }
    return new Grant(expiry);
  }

  private static Instant requireTimes(JsonNode claims, BigDecimal nowSeconds) {
    var leeway = BigDecimal.valueOf(LEEWAY_SECONDS);
    if (!claims.has("exp")) {
      throw refused("without exp (expected: a time of expiry)");
    }
    BigDecimal expiry = seconds(claims.path("exp"), "exp");
    if (nowSeconds.compareTo(expiry.min(latestSeconds()).add(leeway)) >= 0) {
      throw refused("expired, exp (expected: later than now, leeway 60 s)");
    }
    for (String name : new String[] {"nbf", "iat"}) {
      if (claims.has(name)
          && seconds(claims.path(name), name).compareTo(nowSeconds.add(leeway)) > 0) {
        throw refused(
            "not yet valid, %s (expected: not later than now, leeway 60 s)".formatted(name));
      }
    }
    return expiry.compareTo(latestSeconds()) >= 0
        ? LATEST
        : Instant.ofEpochSecond(expiry.longValue());
  }

  private static void require(JsonNode claims, RequiredClaim required, KeyId keyAskedFor) {
    JsonNode claim = claims.path(required.type());
    if (claim.isMissingNode() || claim.isNull()) {
      throw refused("without the claim %s (expected: it is required)".formatted(required.type()));
    }
    if (required.type().equals(CONTENT_KEY_ID)) {
      if (!holds(claim, id -> isKeyId(id, keyAskedFor))) {
        throw refused(
            "for another key, %s (expected: the key asked for)".formatted(CONTENT_KEY_ID));
      }
    } else if (required.value().isPresent()) {
      String value = required.value().orElseThrow();
      if (!holds(claim, element -> isText(element, value))) {
        throw refused(
            "wrong value of the claim %s (expected: that of the key's policy)"
                .formatted(required.type()));
      }
    }
  }

  /** Whether the value passes, or for an array any of its elements. */
  private static boolean holds(JsonNode value, Predicate<JsonNode> passes) {
    if (!value.isArray()) {
      return passes.test(value);
    }
    for (JsonNode element : value) {
      if (passes.test(element)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isText(JsonNode value, String text) {
    return value.isValueNode() && !value.isNull() && value.asText().equals(text);
  }

  private static boolean isKeyId(JsonNode value, KeyId keyId) {
    return value.isTextual() && KeyId.parse(value.textValue()).filter(keyId::equals).isPresent();
  }

  private static BigDecimal seconds(JsonNode value, String name) {
    if (!value.isNumber()) {
      throw refused(name + " not a number (expected: seconds since 1970)");
    }
    BigDecimal seconds = value.decimalValue();
    if (seconds.signum() < 0 || seconds.scale() > MAX_DIGITS) {
      throw refused(name + " not a time (expected: seconds since 1970)");
    }
    // As a sum, a number of very different magnitude would be as long as the difference.
    return seconds.min(BigDecimal.TEN.pow(MAX_DIGITS));
  }

  private static BigDecimal latestSeconds() {
    return BigDecimal.valueOf(LATEST.getEpochSecond());
  }
}
