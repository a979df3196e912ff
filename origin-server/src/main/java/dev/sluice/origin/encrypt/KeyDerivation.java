package dev.sluice.origin.encrypt;

import dev.sluice.origin.key.ContentKey;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Bytes that are drawn from a content key and from what they are for.
 *
 * <pre>
 *   HKDF-SHA256(key, info = label | length (32) | field | length (32) | field ...)
 * </pre>
 *
 * <p>Spec: RFC 5869.
 */
final class KeyDerivation {
  private KeyDerivation() {}

  /**
   * The bytes.
   *
   * @param key borrowed
   * @param label of what they are for, ASCII; none is the beginning of another
   * @param fields in UTF-8, each behind its length
   */
  static byte[] derive(ContentKey key, String label, List<String> fields, int lengthBytes) {
    var info = new ByteArrayOutputStream();
    info.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
    for (String field : fields) {
      byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
      info.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      info.writeBytes(bytes);
    }
    byte[] secret = key.copyValue();
    try {
      var parameters =
          HKDFParameterSpec.ofExtract().addIKM(secret).thenExpand(info.toByteArray(), lengthBytes);
      return KDF.getInstance("HKDF-SHA256").deriveData(parameters);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HKDF-SHA256 is part of this Java release", e);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }
}
