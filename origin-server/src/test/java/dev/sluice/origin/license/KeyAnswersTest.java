package dev.sluice.origin.license;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.access.TokenVerifier;
import dev.sluice.origin.catalog.CatalogOfDocuments;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.catalog.Document.KeyDeliveryType;
import dev.sluice.origin.catalog.Document.KeyType;
import dev.sluice.origin.catalog.Document.RequiredClaim;
import dev.sluice.origin.catalog.Document.Restriction;
import dev.sluice.origin.catalog.Document.TokenType;
import dev.sluice.origin.catalog.Document.VerificationKey;
import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyAnswersTest {
  private static final byte[] VALUE = HexFormat.of().parseHex("fbffbfffefff00112233445566778899");
  private static final KeyId OPEN = id("8ba94ade-6eb9-449d-b44f-a5beefaf43b0");
  private static final KeyId RESTRICTED = id("339c45b5-fb6d-4bd9-994c-eabd9d41c95b");
  private static final KeyId ENVELOPE = id("339c45b5-fb6d-4bd9-994c-eabd9d41c95c");
  private static final KeyId VALUELESS = id("339c45b5-fb6d-4bd9-994c-eabd9d41c95d");
  private static final KeyId STORAGE = id("339c45b5-fb6d-4bd9-994c-eabd9d41c95e");
  private static final KeyId WIDEVINE = id("339c45b5-fb6d-4bd9-994c-eabd9d41c95f");
  private static final KeyId EITHER = id("339c45b5-fb6d-4bd9-994c-eabd9d41c960");
  private static final KeyId UNKNOWN = id("00000000-0000-0000-0000-000000000001");

  /** For {@link #RESTRICTED}, until 2100. */
  private static final String TOKEN =
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwOi8vc2FtcGxlaXNzdWVydXJsLyIsImF1ZCI6"
          + "Imh0dHA6Ly9zYW1wbGVhdWRpZW5jZS8iLCJleHAiOjQxMDI0NDQ4MDAsInVybjptaWNyb3NvZnQ6YXp1cmU6"
          + "bWVkaWFzZXJ2aWNlczpjb250ZW50a2V5aWRlbnRpZmllciI6IjMzOWM0NWI1LWZiNmQtNGJkOS05OTRjLWVh"
          + "YmQ5ZDQxYzk1YiJ9.L4jRw3BsMqicSTFPB19TgDnSRYhX4iUl6ImBvG0wbJk";

  private static final Restriction TOKENS =
      new Restriction.TokenRestricted(
          TokenType.JWT,
          "http://sampleissuerurl/",
          "http://sampleaudience/",
          List.of(
              new VerificationKey.Symmetric(
                  Bytes.copyOf(
                      Base64.getDecoder()
                          .decode(
                              "2OvxltHKwILn5PCRD8H+63sK98LBs1yF+ZdZbwzmToWYm29pLyqIMuCvMRGpLOv5"
                                  + "DYh3NmpzWMAciu4ncW8VTg==")))),
          Optional.empty(),
          List.of(
              new RequiredClaim(
                  "urn:microsoft:azure:mediaservices:contentkeyidentifier", Optional.empty())));

  private final CatalogOfDocuments catalog =
      new CatalogOfDocuments()
          .with(
              policy("open", option(KeyDeliveryType.CLEAR_KEY, new Restriction.Open())),
              policy(
                  "restricted",
                  option(KeyDeliveryType.BASELINE_HTTP, TOKENS),
                  option(KeyDeliveryType.CLEAR_KEY, TOKENS)),
              policy("widevine", option(KeyDeliveryType.WIDEVINE, TOKENS)),
              key(OPEN, KeyType.COMMON_ENCRYPTION, "open"),
              key(RESTRICTED, KeyType.COMMON_ENCRYPTION, "restricted"),
              key(ENVELOPE, KeyType.ENVELOPE_ENCRYPTION, "open"),
              key(VALUELESS, KeyType.COMMON_ENCRYPTION, "open"),
              key(STORAGE, KeyType.STORAGE_ENCRYPTION, "open"),
              key(WIDEVINE, KeyType.COMMON_ENCRYPTION, "widevine"))
          .withValue(OPEN, VALUE)
          .withValue(RESTRICTED, VALUE)
          .withValue(ENVELOPE, VALUE)
          .withValue(STORAGE, VALUE);

  private final KeyAnswers answers = answers(false);

  @Test
  void givesAClearKeyLicence() {
    Answer answer = answers.clearKey(Optional.empty(), request(OPEN), Optional.empty());
    assertThat(answer.contentType()).isEqualTo("application/json");
    assertThat(answer.cache()).isEqualTo(Answer.Cache.NO_STORE);
    assertThat(text(answer))
        .isEqualTo(
            "{\"keys\":[{\"kty\":\"oct\",\"k\":\"-_-__-__ABEiM0RVZneImQ\","
                + "\"kid\":\"i6lK3m65RJ20T6W-769DsA\"}],\"type\":\"temporary\"}");
  }

  @Test
  void givesEveryKeyThatTheCallerMayHaveAndEachOnce() {
    Answer answer =
        answers.clearKey(
            Optional.empty(), request(UNKNOWN, OPEN, RESTRICTED, OPEN), Optional.of(TOKEN));
    assertThat(text(answer))
        .isEqualTo(
            "{\"keys\":["
                + "{\"kty\":\"oct\",\"k\":\"-_-__-__ABEiM0RVZneImQ\","
                + "\"kid\":\"i6lK3m65RJ20T6W-769DsA\"},"
                + "{\"kty\":\"oct\",\"k\":\"-_-__-__ABEiM0RVZneImQ\","
                + "\"kid\":\"M5xFtfttS9mZTOq9nUHJWw\"}],\"type\":\"temporary\"}");
  }

  @Test
  void takesTheKeyIdOfTheQueryWhereThereIsNoBody() {
    assertThat(text(answers.clearKey(Optional.of(OPEN), Bytes.copyOf(), Optional.empty())))
        .contains("i6lK3m65RJ20T6W-769DsA");
  }

  @Test
  void asksForATokenForUnknownAndRestrictedKeysAlike() {
    for (KeyId id : List.of(UNKNOWN, RESTRICTED)) {
      String message = "this key needs a token";
      refuses(
          FailureCode.TOKEN_REQUIRED,
          message,
          () -> answers.clearKey(Optional.empty(), request(id), Optional.empty()));
      refuses(FailureCode.TOKEN_REQUIRED, message, () -> answers.baseline(id, Optional.empty()));
      refuses(
          FailureCode.TOKEN_REQUIRED,
          message,
          () -> answers.license(KeyDeliveryType.WIDEVINE, id, Optional.empty()));
    }
  }

  @Test
  void refusesATokenForUnknownAndRestrictedKeysAlike() {
    Optional<String> token = Optional.of("a.b.c");
    for (KeyId id : List.of(UNKNOWN, RESTRICTED)) {
      String message = "the token does not grant this key";
      refuses(
          FailureCode.TOKEN_REFUSED,
          message,
          () -> answers.clearKey(Optional.empty(), request(id), token));
      refuses(FailureCode.TOKEN_REFUSED, message, () -> answers.baseline(id, token));
    }
  }

  @Test
  void givesTheRawKeyForAToken() {
    Answer answer = answers.baseline(RESTRICTED, Optional.of(TOKEN));
    assertThat(answer.contentType()).isEqualTo("application/octet-stream");
    assertThat(bytes(answer)).isEqualTo(VALUE);
  }

  @Test
  void givesTheRawKeyOfACommonEncryptionKeyByItsClearKeyOption() {
    assertThat(bytes(answers.baseline(OPEN, Optional.empty()))).isEqualTo(VALUE);
  }

  @Test
  void keepsToTheKeyDeliveryTypeOfAnEnvelopeKey() {
    refuses(
        FailureCode.TOKEN_REQUIRED,
        "this key needs a token",
        () -> answers.baseline(ENVELOPE, Optional.empty()));
  }

  @Test
  void neverGivesAStorageKey() {
    refuses(
        FailureCode.TOKEN_REQUIRED,
        "this key needs a token",
        () -> answers.clearKey(Optional.of(STORAGE), Bytes.copyOf(), Optional.empty()));
  }

  @Test
  void saysThatAKeyHasNoValue() {
    refuses(
        FailureCode.KEY_NOT_AVAILABLE,
        "this key has no value (expected: 16 bytes)",
        () -> answers.baseline(VALUELESS, Optional.empty()));
  }

  @Test
  void takesTheFirstOptionWhoseRestrictionPasses() {
    catalog.with(
        policy(
            "either",
            option(KeyDeliveryType.CLEAR_KEY, TOKENS),
            option(KeyDeliveryType.CLEAR_KEY, new Restriction.Open())),
        key(UNKNOWN, KeyType.COMMON_ENCRYPTION, "either"));
    catalog.withValue(UNKNOWN, VALUE);
    assertThat(bytes(answers.baseline(UNKNOWN, Optional.of("a.b.c")))).isEqualTo(VALUE);
  }

  @Test
  void saysThatItCannotVerifyATokenUnlessAnotherOptionPasses() {
    Restriction byCertificate =
        new Restriction.TokenRestricted(
            TokenType.JWT,
            "i",
            "a",
            List.of(new VerificationKey.X509(Bytes.copyOf((byte) 0x30))),
            Optional.empty(),
            List.of());
    Document.Option first = option(KeyDeliveryType.CLEAR_KEY, byCertificate);
    catalog.with(
        policy("certificate", first),
        policy("either", first, option(KeyDeliveryType.CLEAR_KEY, new Restriction.Open())),
        key(UNKNOWN, KeyType.COMMON_ENCRYPTION, "certificate"),
        key(EITHER, KeyType.COMMON_ENCRYPTION, "either"));
    catalog.withValue(EITHER, VALUE);
    // {"alg":"RS256"} . {} . one byte
    Optional<String> token = Optional.of("eyJhbGciOiJSUzI1NiJ9.e30.AA");
    refuses(
        FailureCode.NOT_IMPLEMENTED,
        "token: this server does not verify tokens by an x509 key yet",
        () -> answers.baseline(UNKNOWN, token));
    assertThat(bytes(answers.baseline(EITHER, token))).isEqualTo(VALUE);
  }

  @Test
  void appliesThePolicyBeforeItSaysWhatItCannotDeliver() {
    catalog.with(
        policy("open-widevine", option(KeyDeliveryType.WIDEVINE, new Restriction.Open())),
        key(UNKNOWN, KeyType.COMMON_ENCRYPTION, "open-widevine"));
    refuses(
        FailureCode.TOKEN_REQUIRED,
        "this key needs a token",
        () -> answers.license(KeyDeliveryType.WIDEVINE, WIDEVINE, Optional.empty()));
    refuses(
        FailureCode.NOT_IMPLEMENTED,
        "licence: this server does not deliver WIDEVINE licences yet",
        () -> answers.license(KeyDeliveryType.WIDEVINE, UNKNOWN, Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ | body: not a JSON object (expected: {\"kids\":[...],\"type\":\"temporary\"})",
        "[] | body: not a JSON object (expected: {\"kids\":[...],\"type\":\"temporary\"})",
        "{} | kids: 0 (expected: an array of 1 to 64 ids)",
        "{\"kids\":[]} | kids: 0 (expected: an array of 1 to 64 ids)",
        "{\"kids\":[\"i6lK3m65RJ20T6W-769DsA==\"]}"
            + "| kids: an entry that is no key id (expected: base64url of 16 bytes, no padding)",
        "{\"kids\":[\"i6lK3m65RJ20T6W+769DsA\"]}"
            + "| kids: an entry that is no key id (expected: base64url of 16 bytes, no padding)",
        "{\"kids\":[\"i6lK3m65RJ20T6W-769DsB\"]}"
            + "| kids: an entry that is no key id (expected: base64url of 16 bytes, no padding)",
        "{\"kids\":[\"i6lK3m65RJ20T6W-769D\"]}"
            + "| kids: an entry that is no key id (expected: base64url of 16 bytes, no padding)",
        "{\"kids\":[7]}"
            + "| kids: an entry that is no key id (expected: base64url of 16 bytes, no padding)",
        "{\"kids\":[\"i6lK3m65RJ20T6W-769DsA\"],\"type\":\"persistent-license\"}"
            + "| type: not temporary (expected: \"temporary\", the only kind of session)"
      })
  void refusesRequestsThatAreNone(String body, String message) {
    refuses(
        FailureCode.BAD_REQUEST,
        message,
        () ->
            answers.clearKey(
                Optional.empty(), Bytes.copyOf(body.getBytes(UTF_8)), Optional.empty()));
  }

  @Test
  void refusesMoreThan64Ids() {
    KeyId[] ids = new KeyId[65];
    Arrays.fill(ids, OPEN);
    refuses(
        FailureCode.BAD_REQUEST,
        "kids: 65 (expected: an array of 1 to 64 ids)",
        () -> answers.clearKey(Optional.empty(), request(ids), Optional.empty()));
  }

  @Test
  void refusesLongBodiesUnread() {
    refuses(
        FailureCode.BODY_TOO_LARGE,
        "body: 16385 bytes (expected: <= 16384)",
        () ->
            answers.clearKey(
                Optional.empty(), Bytes.copyOf(new byte[16 * 1024 + 1]), Optional.empty()));
  }

  @Test
  void letsKeysLeaveOverTlsOnLoopbackOrWhereConfigured() {
    answers.requireTransport(true, false);
    answers.requireTransport(false, true);
    answers(true).requireTransport(false, false);
    refuses(
        FailureCode.HTTPS_REQUIRED,
        "scheme: http (expected: https for keys and licences)",
        () -> answers.requireTransport(false, false));
  }

  private KeyAnswers answers(boolean allowHttp) {
    return new KeyAnswers(
        catalog,
        InstantSource.fixed(Instant.ofEpochSecond(2_000_000_000)),
        new TokenVerifier(),
        allowHttp);
  }

  private static void refuses(FailureCode code, String message, ThrowingCallable call) {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(call)
        .withMessage(message)
        .matches(failure -> failure.code() == code, "has code " + code);
  }

  private static Bytes request(KeyId... ids) {
    var kids = new StringBuilder();
    for (KeyId id : ids) {
      kids.append(kids.isEmpty() ? "" : ",")
          .append('"')
          .append(Base64.getUrlEncoder().withoutPadding().encodeToString(id.bytes()))
          .append('"');
    }
    return Bytes.copyOf(("{\"kids\":[" + kids + "],\"type\":\"temporary\"}").getBytes(UTF_8));
  }

  private static byte[] bytes(Answer answer) {
    try (var body = answer.body().get()) {
      byte[] bytes = new byte[Math.toIntExact(body.lengthBytes())];
      body.read(0, ByteBuffer.wrap(bytes));
      return bytes;
    }
  }

  private static String text(Answer answer) {
    return new String(bytes(answer), UTF_8);
  }

  private static Document policy(String name, Document.Option... options) {
    return new Document.ContentKeyAuthorizationPolicy(name, List.of(options));
  }

  private static Document.Option option(KeyDeliveryType type, Restriction restriction) {
    return new Document.Option(type.name(), type, Optional.empty(), restriction);
  }

  private static Document key(KeyId id, KeyType type, String policy) {
    return new Document.ContentKey(id, type, Optional.empty(), List.of(), Optional.of(policy));
  }

  private static KeyId id(String guid) {
    return KeyId.parse(guid).orElseThrow();
  }
}
