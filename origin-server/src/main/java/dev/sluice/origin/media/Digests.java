package dev.sluice.origin.media;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 digest over fields, each preceded by its length, so that no two lists of fields are the
 * same bytes.
 */
public final class Digests {
  private static final int ETAG_BYTES = 16;
  private final MessageDigest sha256;

  /** A digest for one purpose; digests for different purposes are never equal. */
  public Digests(String purpose) {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 (every JDK has it)", e);
    }
    add(purpose);
  }

  /** Adds a field. */
  public Digests add(String field) {
    return add(field.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a field. */
  public Digests add(long field) {
    return add(ByteBuffer.allocate(Long.BYTES).putLong(field).array());
  }

  /** Adds a field. */
  public Digests add(byte[] field) {
    sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(field.length).array());
    sha256.update(field);
    return this;
  }

  /** The digest, 64 hexadecimal digits. Ends it. */
  public String hex() {
    return HexFormat.of().formatHex(sha256.digest());
  }

  /** The first 16 bytes as a strong entity tag, quotes included. Ends it. */
  public String etag() {
    return '"' + HexFormat.of().formatHex(sha256.digest(), 0, ETAG_BYTES) + '"';
  }
}
