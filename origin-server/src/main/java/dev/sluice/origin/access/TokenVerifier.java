package dev.sluice.origin.access;

import static dev.sluice.origin.access.TokenFailures.notImplemented;
import static dev.sluice.origin.access.TokenFailures.refused;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.util.Base64URL;
import dev.sluice.origin.catalog.Document.Restriction.TokenRestricted;
import dev.sluice.origin.catalog.Document.TokenType;
import dev.sluice.origin.catalog.Document.VerificationKey;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.KeyId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Verifies tokens against the restriction of an authorization policy: JWTs signed with HS256 so
 * far. Stateless, safe for use by many threads.
 *
 * <p>The key fixes the algorithm, not the token (RFC 8725 3.1). The signature is verified before
 * any claim is looked at.
 */
public final class TokenVerifier {

  /**
   * What the token grants.
   *
   * @throws dev.sluice.origin.failure.CallerFailure {@code TOKEN_REFUSED}, with the reason, without
   *     any of the token
   * @throws ServerFailure {@code NOT_IMPLEMENTED} if only a form that this server cannot verify is
   *     left
   */
  public Grant verify(String token, TokenRestricted restriction, KeyId keyAskedFor, Instant now) {
    if (token.length() > Jwt.MAX_LENGTH) {
      throw refused("%d characters (expected: <= %d)".formatted(token.length(), Jwt.MAX_LENGTH));
    }
    if (restriction.tokenType() == TokenType.SWT) {
      throw notImplemented("SWT tokens");
    }
    Jwt jwt = Jwt.parse(token);
    requireSignature(jwt, restriction);
    return JwtClaims.requireAll(jwt.claims(), restriction, keyAskedFor, now);
  }

  private static void requireSignature(Jwt jwt, TokenRestricted restriction) {
    // One key that we cannot use yet must not keep the others from being tried.
    Optional<ServerFailure> unusable = Optional.empty();
    for (VerificationKey key : restriction.verificationKeys()) {
      try {
        if (verifies(key, jwt)) {
          return;
        }
      } catch (ServerFailure e) {
        unusable = unusable.or(() -> Optional.of(e));
      }
    }
    if (unusable.isPresent()) {
      throw unusable.get();
    }
    if (restriction.openIdConnectDiscoveryDocument().isPresent() && !isHmac(jwt)) {
      throw notImplemented("tokens by the keys of a discovery document");
    }
    throw refused("wrong signature or algorithm (expected: those of a key of the key's policy)");
  }

  private static boolean verifies(VerificationKey key, Jwt jwt) {
    return switch (key) {
      case VerificationKey.Symmetric symmetric ->
          jwt.algorithm().equals(JWSAlgorithm.HS256.getName()) && verifiesHs256(symmetric, jwt);
      case VerificationKey.X509 _ -> {
        // Never with HMAC, whose secret everybody would know: it is the public key.
        if (!isHmac(jwt)) {
          throw notImplemented("tokens by an x509 key");
        }
        yield false;
      }
      case VerificationKey.Jwk _ -> throw notImplemented("tokens by a jwk key");
    };
  }

  private static boolean verifiesHs256(VerificationKey.Symmetric symmetric, Jwt jwt) {
    byte[] secret = symmetric.key().toArray();
    try {
      return new MACVerifier(secret)
          .verify(
              new JWSHeader(JWSAlgorithm.HS256),
              jwt.signed().toArray(),
              Base64URL.encode(jwt.signature().toArray()));
    } catch (JOSEException e) {
      throw new ServerFailure(
          FailureCode.INTERNAL_ERROR,
          "verification key: %d bytes (expected: >= 32)".formatted(secret.length));
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private static boolean isHmac(Jwt jwt) {
    return jwt.algorithm().toUpperCase(Locale.ROOT).startsWith("HS");
  }
}
