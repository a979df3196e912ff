package dev.sluice.origin.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.catalog.Document.RequiredClaim;
import dev.sluice.origin.catalog.Document.Restriction.TokenRestricted;
import dev.sluice.origin.catalog.Document.TokenType;
import dev.sluice.origin.catalog.Document.VerificationKey;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenVerifierTest {
  private static final byte[] SECRET =
      Base64.getDecoder()
          .decode(
              "2OvxltHKwILn5PCRD8H+63sK98LBs1yF+ZdZbwzmToWYm29pLyqIMuCvMRGpLOv5"
                  + "DYh3NmpzWMAciu4ncW8VTg==");
  private static final VerificationKey KEY = new VerificationKey.Symmetric(Bytes.copyOf(SECRET));
  private static final VerificationKey OTHER_KEY =
      new VerificationKey.Symmetric(Bytes.copyOf(new byte[32]));
  private static final VerificationKey X509 = new VerificationKey.X509(Bytes.copyOf((byte) 0x30));
  private static final KeyId KID =
      KeyId.parse("339c45b5-fb6d-4bd9-994c-eabd9d41c95b").orElseThrow();
  private static final Instant NOW = Instant.ofEpochSecond(2_000_000_000);

  private static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
  private static final String CLAIMS =
      "{\"iss\":\"http://sampleissuerurl/\",\"aud\":\"http://sampleaudience/\",\"exp\":4102444800";
  private static final String KID_CLAIM =
      ",\"urn:microsoft:azure:mediaservices:contentkeyidentifier\":";

  private static final String VECTOR =
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwOi8vc2FtcGxlaXNzdWVydXJsLyIsImF1ZCI6"
          + "Imh0dHA6Ly9zYW1wbGVhdWRpZW5jZS8iLCJleHAiOjQxMDI0NDQ4MDAsInVybjptaWNyb3NvZnQ6YXp1cmU6"
          + "bWVkaWFzZXJ2aWNlczpjb250ZW50a2V5aWRlbnRpZmllciI6IjMzOWM0NWI1LWZiNmQtNGJkOS05OTRjLWVh"
          + "YmQ5ZDQxYzk1YiJ9.L4jRw3BsMqicSTFPB19TgDnSRYhX4iUl6ImBvG0wbJk";

  @Test
  void acceptsTheServicesVector() {
    Grant grant =
        verify(VECTOR, restricted(new RequiredClaim(JwtClaims.CONTENT_KEY_ID, Optional.empty())));
    assertThat(grant.validUntil()).isEqualTo(Instant.ofEpochSecond(4102444800L));
  }

  @Test
  void refusesATokenForAnotherKey() {
    refuses(
        sign(HEADER, CLAIMS + KID_CLAIM + "\"339c45b5-fb6d-4bd9-994c-eabd9d41c95c\"}"),
        restricted(new RequiredClaim(JwtClaims.CONTENT_KEY_ID, Optional.empty())),
        "for another key, urn:microsoft:azure:mediaservices:contentkeyidentifier"
            + " (expected: the key asked for)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"339C45B5-FB6D-4BD9-994C-EABD9D41C95B\"",
        "[\"x\",\"339c45b5-fb6d-4bd9-994c-eabd9d41c95b\"]"
      })
  void acceptsTheKeyIdInEitherCaseAndInAList(String value) {
    verify(
        sign(HEADER, CLAIMS + KID_CLAIM + value + "}"),
        restricted(new RequiredClaim(JwtClaims.CONTENT_KEY_ID, Optional.empty())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE"})
  void refusesUnsignedTokensInAnyCasing(String none) {
    refuses(
        b64("{\"alg\":\"" + none + "\"}") + "." + b64(CLAIMS + "}") + ".",
        restricted(),
        "unsigned, alg none (expected: a signature)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"typ\":\"JWT\"} | header without alg (expected: the algorithm of the signature)",
        "{\"alg\":5} | header without alg (expected: the algorithm of the signature)",
        "{\"alg\":\"HS256\",\"crit\":[\"x\"]} | header with crit or b64 (expected: no extensions)",
        "{\"alg\":\"HS256\",\"b64\":false} | header with crit or b64 (expected: no extensions)",
        "{\"alg\":\"HS256\",\"zip\":\"DEF\"} | encrypted or compressed (expected: signed only)",
        "{\"alg\":\"HS256\",\"typ\":\"secevent+jwt\"} | typ of something else (expected: JWT)",
        "{\"alg\":\"HS256\",\"alg\":\"HS256\"} | header not JSON, or with a member twice",
        "{\"alg\":\"HS256\"} {} | header not JSON, or with a member twice",
        "[] | header not a JSON object",
        "{\"alg\":\"HS512\"} | wrong signature or algorithm (expected: those of a key of the key's"
            + " policy)",
        "{\"alg\":\"RS256\"} | wrong signature or algorithm (expected: those of a key of the key's"
            + " policy)"
      })
  void refusesHeaders(String header, String why) {
    refuses(sign(header, CLAIMS + "}"), restricted(), why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"iss\":\"http://sampleissuerurl/\",\"aud\":\"http://sampleaudience/\"}"
            + "| without exp (expected: a time of expiry)",
        "{\"exp\":\"4102444800\"} | exp not a number (expected: seconds since 1970)",
        "{\"exp\":1999999940} | expired, exp (expected: later than now, leeway 60 s)",
        "{\"exp\":-1} | exp not a time (expected: seconds since 1970)",
        "{\"exp\":1e-999} | exp not a time (expected: seconds since 1970)",
        "{\"exp\":4102444800,\"nbf\":2000000061}"
            + "| not yet valid, nbf (expected: not later than now, leeway 60 s)",
        "{\"exp\":4102444800,\"iat\":2000000061}"
            + "| not yet valid, iat (expected: not later than now, leeway 60 s)",
        "{\"exp\":4102444800,\"iss\":\"http://sampleissuerurl\"}"
            + "| wrong issuer, iss (expected: exactly that of the key's policy)",
        "{\"exp\":4102444800,\"iss\":\"http://sampleissuerurl/\"}"
            + "| wrong audience, aud (expected: that of the key's policy)",
        "{\"exp\":4102444800,\"iss\":\"http://sampleissuerurl/\",\"aud\":[\"a\",\"b\"]}"
            + "| wrong audience, aud (expected: that of the key's policy)",
        "{\"exp\":4102444800,\"exp\":4102444800} | claims not JSON, or with a member twice"
      })
  void refusesClaims(String claims, String why) {
    refuses(sign(HEADER, claims), restricted(), why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1999999941", "1999999940.5", "1e15", "1e999999", "4102444800.25"})
  void acceptsTimesOfExpiryWithinTheLeeway(String expiry) {
    verify(
        sign(
            HEADER,
            "{\"iss\":\"http://sampleissuerurl/\",\"aud\":[\"x\",\"http://sampleaudience/\"],"
                + "\"nbf\":2000000060,\"iat\":2000000060,\"exp\":"
                + expiry
                + "}"),
        restricted());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''| without the claim role (expected: it is required)",
        ",\"role\":null | without the claim role (expected: it is required)",
        ",\"role\":\"guest\" | wrong value of the claim role (expected: that of the key's policy)",
        ",\"role\":[\"a\",\"b\"]"
            + "| wrong value of the claim role (expected: that of the key's policy)",
        ",\"role\":{\"reader\":1}"
            + "| wrong value of the claim role (expected: that of the key's policy)"
      })
  void refusesRequiredClaimsThatAreNotThere(String claim, String why) {
    refuses(
        sign(HEADER, CLAIMS + claim + "}"),
        restricted(new RequiredClaim("role", Optional.of("reader"))),
        why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"reader\"", "[\"writer\",\"reader\"]"})
  void acceptsARequiredClaimAloneOrInAList(String value) {
    verify(
        sign(HEADER, CLAIMS + ",\"role\":" + value + "}"),
        restricted(new RequiredClaim("role", Optional.of("reader"))));
  }

  @Test
  void acceptsAnyValueOfAClaimThatMustOnlyBeThere() {
    verify(
        sign(HEADER, CLAIMS + ",\"role\":false}"),
        restricted(new RequiredClaim("role", Optional.empty())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.b | 2 parts (expected: 3, as a signed JWT has)",
        "a.b.c.d.e | 5 parts (expected: 3, as a signed JWT has)",
        "e30=.e30.AA | header not base64url (expected: no padding, no bits left over)",
        "e31.e30.AA | header not base64url (expected: no padding, no bits left over)",
        "e3+.e30.AA | header not base64url (expected: no padding, no bits left over)",
        "gICA.e30.AA | header not UTF-8"
      })
  void refusesWhatIsNoToken(String token, String why) {
    refuses(token, restricted(), why);
  }

  @Test
  void refusesASecondSpellingOfASignature() {
    // The last character holds two bits that belong to no byte.
    String other = VECTOR.substring(0, VECTOR.length() - 1) + "l";
    refuses(
        other, restricted(), "signature not base64url (expected: no padding, no bits left over)");
  }

  @Test
  void refusesEverySignatureCutShort() {
    String unsigned = VECTOR.substring(0, VECTOR.lastIndexOf('.') + 1);
    refuses(
        unsigned,
        restricted(),
        "wrong signature or algorithm (expected: those of a key of the key's policy)");
    refuses(
        unsigned + "L4jRw3Bs",
        restricted(),
        "wrong signature or algorithm (expected: those of a key of the key's policy)");
  }

  @Test
  void refusesTokensOfMoreThan8Kib() {
    refuses("a".repeat(8193), restricted(), "8193 characters (expected: <= 8192)");
  }

  @Test
  void triesTheAlternateKeysInOrder() {
    verify(VECTOR, restricted(List.of(OTHER_KEY, KEY, new VerificationKey.Jwk("{}"))));
    verify(VECTOR, restricted(List.of(new VerificationKey.Jwk("{}"), KEY)));
    refuses(
        VECTOR,
        restricted(List.of(OTHER_KEY)),
        "wrong signature or algorithm (expected: those of a key of the key's policy)");
  }

  @Test
  void saysWhatItCannotVerifyOnlyWhenItGetsThere() {
    String rsa = sign("{\"alg\":\"RS256\"}", CLAIMS + "}");
    cannot(rsa, restricted(List.of(KEY, X509)), "tokens by an x509 key");
    cannot(
        VECTOR,
        restricted(List.of(OTHER_KEY, new VerificationKey.Jwk("{}"))),
        "tokens by a jwk key");
    cannot(rsa, withDiscovery(), "tokens by the keys of a discovery document");
    cannot(
        VECTOR,
        new TokenRestricted(TokenType.SWT, "i", "a", List.of(KEY), Optional.empty(), List.of()),
        "SWT tokens");
  }

  @Test
  void refusesHmacUnderAPublicKey() {
    refuses(
        VECTOR,
        restricted(List.of(X509)),
        "wrong signature or algorithm (expected: those of a key of the key's policy)");
    refuses(
        sign(HEADER, "{}", new byte[32]),
        withDiscovery(),
        "wrong signature or algorithm (expected: those of a key of the key's policy)");
  }

  private static Grant verify(String token, TokenRestricted restriction) {
    return new TokenVerifier().verify(token, restriction, KID, NOW);
  }

  private static void refuses(String token, TokenRestricted restriction, String why) {
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> verify(token, restriction))
        .withMessage("token: " + why)
        .matches(failure -> failure.code() == FailureCode.TOKEN_REFUSED);
  }

  private static void cannot(String token, TokenRestricted restriction, String what) {
    assertThatExceptionOfType(ServerFailure.class)
        .isThrownBy(() -> verify(token, restriction))
        .withMessage("token: this server does not verify " + what + " yet")
        .matches(failure -> failure.code() == FailureCode.NOT_IMPLEMENTED);
  }

  private static TokenRestricted restricted(RequiredClaim... claims) {
    return restricted(List.of(KEY), Optional.empty(), List.of(claims));
  }

  private static TokenRestricted restricted(List<VerificationKey> keys) {
    return restricted(keys, Optional.empty(), List.of());
  }

  private static TokenRestricted withDiscovery() {
    return restricted(
        List.of(KEY), Optional.of("https://login/.well-known/openid-configuration"), List.of());
  }

  private static TokenRestricted restricted(
      List<VerificationKey> keys, Optional<String> discovery, List<RequiredClaim> claims) {
    return new TokenRestricted(
        TokenType.JWT,
        "http://sampleissuerurl/",
        "http://sampleaudience/",
        keys,
        discovery,
        claims);
  }

  private static String sign(String header, String claims) {
    return sign(header, claims, SECRET);
  }

  private static String sign(String header, String claims, byte[] secret) {
    String signed = b64(header) + "." + b64(claims);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return signed
          + "."
          + Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String b64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }
}
