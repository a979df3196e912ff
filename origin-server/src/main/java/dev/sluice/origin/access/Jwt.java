package dev.sluice.origin.access;

import static dev.sluice.origin.access.TokenFailures.refused;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.origin.media.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;

/**
 * A signed JWT taken apart, and nothing of it believed yet (RFC 7515 3.1).
 *
 * <pre>
 *   base64url(header) . base64url(claims) . base64url(signature)
 * </pre>
 *
 * <p>Read strictly, so that no two texts are the same token: no padding, no bits behind the last
 * byte, no member twice.
 *
 * @param signed the octets that the signature covers
 */
record Jwt(JsonNode header, JsonNode claims, Bytes signed, Bytes signature) {

  /** The longest token, in characters. */
  static final int MAX_LENGTH = 8 * 1024;

  private static final int MAX_DEPTH = 16;
  private static final int PARTS = 3;
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /** Takes a token apart, and refuses what no key could make good. */
  static Jwt parse(String token) {
    if (token.length() > MAX_LENGTH) {
      throw refused("%d characters (expected: <= %d)".formatted(token.length(), MAX_LENGTH));
    }
    String[] parts = token.split("\\.", -1);
    if (parts.length != PARTS) {
      throw refused("%d parts (expected: 3, as a signed JWT has)".formatted(parts.length));
    }
    JsonNode header = object(parts[0], "header");
    requireUsable(header);
    return new Jwt(
        header,
        object(parts[1], "claims"),
        Bytes.copyOf((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII)),
        Bytes.copyOf(base64url(parts[2], "signature")));
  }

  /** The algorithm that the header names. It is compared with the key's and never chosen by. */
  String algorithm() {
    return header.path("alg").asText();
  }

  private static void requireUsable(JsonNode header) {
    JsonNode algorithm = header.path("alg");
    if (!algorithm.isTextual()) {
      throw refused("header without alg (expected: the algorithm of the signature)");
    }
    if (algorithm.asText().strip().toLowerCase(Locale.ROOT).equals("none")) {
      throw refused("unsigned, alg none (expected: a signature)");
    }
    if (header.has("crit") || header.has("b64")) {
      throw refused("header with crit or b64 (expected: no extensions)");
    }
    if (header.has("enc") || header.has("zip")) {
      throw refused("encrypted or compressed (expected: signed only)");
    }
    JsonNode type = header.path("typ");
    if (!type.isMissingNode()
        && !(type.isTextual() && TYPES.contains(type.asText().toLowerCase(Locale.ROOT)))) {
      throw refused("typ of something else (expected: JWT)");
    }
  }

  private static JsonNode object(String part, String what) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(base64url(part, what)))
              .toString();
      JsonNode node = JSON.readTree(text);
      if (!node.isObject()) {
        throw refused(what + " not a JSON object");
      }
      return node;
    } catch (CharacterCodingException e) {
      throw refused(what + " not UTF-8");
    } catch (JsonProcessingException e) {
      throw refused(what + " not JSON, or with a member twice");
    }
  }

  private static byte[] base64url(String part, String what) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(part);
      byte[] again = Base64.getUrlEncoder().withoutPadding().encode(bytes);
      if (Arrays.equals(again, part.getBytes(StandardCharsets.UTF_8))) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Refused below: the exception's message quotes the token.
    }
    throw refused(what + " not base64url (expected: no padding, no bits left over)");
  }
}
