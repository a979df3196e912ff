package dev.sluice.origin.encrypt;

import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Bytes;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * SAMPLE-AES over the NAL units and audio frames of a transport stream: AES-128-CBC without
 * padding, begun anew with the same IV at each unit and frame.
 *
 * <pre>
 *   NAL unit of type 1 or 5, longer than 48 bytes, with its emulation prevention bytes
 *     clear (32) { encrypted (16) if more than 16 are left | clear (up to 144) } ...
 *   AAC frame, without its ADTS header
 *     clear (16) { encrypted (16) } ... clear (0 to 15)
 * </pre>
 *
 * <p>The rule differs from that of {@code cbcs}, which encrypts a last block that is just full.
 *
 * <p>A NAL unit is encrypted with the emulation prevention that it has, and gets another one around
 * it. Decoders remove the outer one, decrypt, and have the unit as it was; if the inner one were
 * removed before, they would be left with what is no NAL unit.
 *
 * <p>Holds a copy of the key's value until it is closed. Used by one thread at a time.
 *
 * <p>Spec: Apple, MPEG-2 Stream Encryption Format for HTTP Live Streaming, 2.2 and 2.3.2.
 */
public final class SampleAes implements AutoCloseable {

  /** The size of the IV, and of a block. */
  public static final int IV_BYTES = 16;

  private static final int BLOCK_BYTES = 16;
  private static final int CLEAR_NAL_BYTES = 48;
  private static final int NAL_LEADER_BYTES = 32;
  private static final int PATTERN_BYTES = 10 * BLOCK_BYTES;
  private static final int FRAME_LEADER_BYTES = 16;
  private static final Key NO_KEY = new SecretKeySpec(new byte[BLOCK_BYTES], "AES");

  private final byte[] iv;
  private final Cipher cipher;
  private byte[] blocks = new byte[0];
  private boolean closed;

  /**
   * @param key borrowed
   * @param iv 16 bytes
   */
  public SampleAes(ContentKey key, Bytes iv) {
    if (iv.size() != IV_BYTES) {
      throw new IllegalArgumentException("iv: %d bytes (expected: 16)".formatted(iv.size()));
    }
    this.iv = iv.toArray();
    byte[] value = key.copyValue();
    try {
      cipher = Cipher.getInstance("AES/CBC/NoPadding");
      init(new SecretKeySpec(value, "AES"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/CBC/NoPadding: absent (expected: in every JDK)", e);
    } finally {
      Arrays.fill(value, (byte) 0);
    }
  }

  /** Whether a slice of this many bytes has anything encrypted. */
  public static boolean encryptsSlice(int nalBytes) {
    return nalBytes > CLEAR_NAL_BYTES;
  }

  /**
   * Encrypts a slice (a NAL unit of type 1 or 5) in place. Emulation prevention has to be applied
   * to the whole unit again afterwards if {@link #encryptsSlice}.
   */
  public void slice(byte[] bytes, int offset, int lengthBytes) {
    if (!encryptsSlice(lengthBytes)) {
      return;
    }
    int end = offset + lengthBytes;
    int count = 0;
    reserve(lengthBytes / PATTERN_BYTES * BLOCK_BYTES + BLOCK_BYTES);
    for (int at = offset + NAL_LEADER_BYTES; end - at > BLOCK_BYTES; at += PATTERN_BYTES) {
      System.arraycopy(bytes, at, blocks, count, BLOCK_BYTES);
      count += BLOCK_BYTES;
    }
    encrypt(blocks, 0, count);
    count = 0;
    for (int at = offset + NAL_LEADER_BYTES; end - at > BLOCK_BYTES; at += PATTERN_BYTES) {
      System.arraycopy(blocks, count, bytes, at, BLOCK_BYTES);
      count += BLOCK_BYTES;
    }
  }

  /** Encrypts an AAC frame in place. It does not include the ADTS header. */
  public void audioFrame(byte[] bytes, int offset, int lengthBytes) {
    int whole = (lengthBytes - FRAME_LEADER_BYTES) / BLOCK_BYTES * BLOCK_BYTES;
    if (whole > 0) {
      encrypt(bytes, offset + FRAME_LEADER_BYTES, whole);
    }
  }

  /** In place. Each call begins with the IV: the cipher resets itself when it is done. */
  private void encrypt(byte[] bytes, int offset, int lengthBytes) {
    if (closed) {
      throw new IllegalStateException("SAMPLE-AES: used after it was closed");
    }
    try {
      int written = cipher.doFinal(bytes, offset, lengthBytes, bytes, offset);
      if (written != lengthBytes) {
        throw new IllegalStateException(
            "cipher: %d bytes (expected: %d)".formatted(written, lengthBytes));
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/CBC/NoPadding: " + e.getMessage(), e);
    }
  }

  private void reserve(int lengthBytes) {
    if (blocks.length < lengthBytes) {
      blocks = new byte[Math.max(lengthBytes, 2 * blocks.length)];
    }
  }

  private void init(Key key) throws GeneralSecurityException {
    cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
  }

  @Override
  public void close() {
    closed = true;
    try {
      // Replaces the key schedule in the cipher.
      init(NO_KEY);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/CBC/NoPadding: " + e.getMessage(), e);
    }
  }
}
