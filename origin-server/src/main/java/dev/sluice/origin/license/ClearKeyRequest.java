package dev.sluice.origin.license;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * What a player asks of a ClearKey licence server (EME 9.1.3).
 *
 * <pre>
 *   {"kids":["base64url"],"type":"temporary"}
 * </pre>
 */
final class ClearKeyRequest {

  /** The most keys that one request may ask for. */
  static final int MAX_KEYS = 64;

  /** The longest body in bytes: 64 ids, and room for what a player adds. */
  static final int MAX_BYTES = 16 * 1024;

  private static final int MAX_DEPTH = 16;
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ClearKeyRequest() {}

  /**
   * The ids asked for, each once, in order: those of the body, else that of the query.
   *
   * @throws CallerFailure {@code BAD_REQUEST} or {@code BODY_TOO_LARGE}
   */
  static SequencedSet<KeyId> parse(Optional<KeyId> ofQuery, Bytes body) {
    if (body.size() == 0 && ofQuery.isPresent()) {
      return new LinkedHashSet<>(ofQuery.stream().toList());
    }
    if (body.size() > MAX_BYTES) {
      throw new CallerFailure(
          FailureCode.BODY_TOO_LARGE,
          "body: %d bytes (expected: <= %d)".formatted(body.size(), MAX_BYTES));
    }
    JsonNode request = readObject(body);
    JsonNode type = request.path("type");
    if (!type.isMissingNode() && !"temporary".equals(type.textValue())) {
      throw bad("type: not temporary (expected: \"temporary\", the only kind of session)");
    }
    JsonNode ids = request.path("kids");
    if (!ids.isArray() || ids.isEmpty() || ids.size() > MAX_KEYS) {
      throw bad("kids: %d (expected: an array of 1 to %d ids)".formatted(ids.size(), MAX_KEYS));
    }
    var keyIds = new LinkedHashSet<KeyId>();
    for (JsonNode id : ids) {
      keyIds.add(keyId(id));
    }
    return keyIds;
  }

  private static JsonNode readObject(Bytes body) {
    try {
      JsonNode request = JSON.readTree(body.toArray());
      if (request.isObject()) {
        return request;
      }
    } catch (IOException e) {
      // Refused below: the exception's message quotes the body.
    }
    throw bad("body: not a JSON object (expected: {\"kids\":[...],\"type\":\"temporary\"})");
  }

  private static KeyId keyId(JsonNode id) {
    String text = id.isTextual() ? id.textValue() : "";
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      byte[] again = Base64.getUrlEncoder().withoutPadding().encode(bytes);
      if (bytes.length == KeyId.BYTES
          && Arrays.equals(again, text.getBytes(StandardCharsets.UTF_8))) {
        return KeyId.ofBytes(bytes);
      }
    } catch (IllegalArgumentException e) {
      // Refused below.
    }
    throw bad("kids: an entry that is no key id (expected: base64url of 16 bytes, no padding)");
  }

  private static CallerFailure bad(String message) {
    return new CallerFailure(FailureCode.BAD_REQUEST, message);
  }
}
