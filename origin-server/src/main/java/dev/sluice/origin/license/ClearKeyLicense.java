package dev.sluice.origin.license;

import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Answer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A licence of the ClearKey system: a JWK set in W3C's form (EME 9.1.4).
 *
 * <pre>
 *   {"keys":[{"kty":"oct","k":"base64url","kid":"base64url"}],"type":"temporary"}
 * </pre>
 */
final class ClearKeyLicense {
  private static final String CONTENT_TYPE = "application/json";
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  private static final byte[] HEAD = ascii("{\"keys\":[");
  private static final byte[] KEY = ascii("{\"kty\":\"oct\",\"k\":\"");
  private static final byte[] KEY_ID = ascii("\",\"kid\":\"");
  private static final byte[] KEY_END = ascii("\"}");
  private static final byte[] TAIL = ascii("],\"type\":\"temporary\"}");

  /** 16 bytes in base64url. */
  private static final int VALUE_CHARACTERS = 22;

  private ClearKeyLicense() {}

  /**
   * The licence that holds these keys.
   *
   * <p>Written into one array of the right size: a growing one or a string would leave copies of
   * the keys behind.
   */
  static Answer render(List<ContentKey> keys) {
    int keyBytes = 1 + KEY.length + KEY_ID.length + KEY_END.length + 2 * VALUE_CHARACTERS;
    var out = ByteBuffer.allocate(HEAD.length + TAIL.length + keys.size() * keyBytes - 1);
    out.put(HEAD);
    for (int i = 0; i < keys.size(); i++) {
      if (i > 0) {
        out.put((byte) ',');
      }
      write(keys.get(i), out);
    }
    return Answer.noStore(CONTENT_TYPE, out.put(TAIL).array());
  }

  private static void write(ContentKey key, ByteBuffer out) {
    byte[] value = key.copyValue();
    byte[] encoded = BASE64URL.encode(value);
    out.put(KEY).put(encoded).put(KEY_ID).put(BASE64URL.encode(key.id().bytes())).put(KEY_END);
    Arrays.fill(value, (byte) 0);
    Arrays.fill(encoded, (byte) 0);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
