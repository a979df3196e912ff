package dev.sluice.origin.segment;

import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.mp4.BoxWriter;

/**
 * What an init segment says of the encryption of a track under {@code cenc}: the {@code sinf} box
 * of a sample entry.
 *
 * <pre>
 *   sinf
 *     frma  data_format (32)                        the entry's type before encryption
 *     schm  'cenc' (32) | 0x00010000 (32)
 *     schi
 *       tenc  version 0 | reserved (16) | default_isProtected (8) = 1
 *             default_Per_Sample_IV_Size (8) = 8 | default_KID (128)
 * </pre>
 *
 * <p>Spec: CENC 4.1, 8.2; ISOBMFF 8.12.
 *
 * @param keyId the default_KID
 */
public record TrackEncryption(KeyId keyId) {

  /** The size of a sample's IV in bytes. PlayReady clients up to 3.x know no other. */
  public static final int IV_BYTES = 8;

  void writeTo(BoxWriter out, String originalFormat) {
    out.begin("sinf");
    out.begin("frma").fourCc(originalFormat).end();
    out.begin("schm", 0, 0).fourCc("cenc").uint32(0x0001_0000).end();
    out.begin("schi");
    out.begin("tenc", 0, 0).uint16(0).uint8(1).uint8(IV_BYTES).raw(keyId.bytes()).end();
    out.end();
    out.end();
  }
}
