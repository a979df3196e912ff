package dev.sluice.origin.segment;

import dev.sluice.origin.encrypt.CencIvs;
import dev.sluice.origin.encrypt.ConstantIv;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.mp4.BoxWriter;

/**
 * What an init segment says of the encryption of a track: the {@code sinf} box of a sample entry.
 *
 * <pre>
 *   sinf
 *     frma  data_format (32)                        the entry's type before encryption
 *     schm  scheme_type (32) | scheme_version (32)
 *     schi
 *       tenc, or its uuid form
 * </pre>
 *
 * <p>Spec: CENC 4.1, 8.2; ISOBMFF 8.12.
 */
public sealed interface TrackEncryption {

  /** The default_KID. */
  KeyId keyId();

  /** Appends the {@code sinf} box. */
  void writeTo(BoxWriter out, String originalFormat);

  /** A track under {@code cenc}. */
  static TrackEncryption cenc(KeyId keyId) {
    return new Cenc(keyId);
  }

  /**
   * A track under {@code cbcs}.
   *
   * @param constantIv 16 bytes
   * @param audio whether every whole block is encrypted, instead of one of ten
   */
  static TrackEncryption cbcs(KeyId keyId, Bytes constantIv, boolean audio) {
    return new Cbcs(keyId, constantIv, audio);
  }

  /** A track of a Smooth Streaming file: {@code cenc} in the boxes of PIFF. */
  static TrackEncryption piff(KeyId keyId) {
    return new Piff(keyId);
  }

  /**
   * AES-128-CTR with an IV for each sample.
   *
   * <pre>
   *   schm  'cenc' (32) | 0x00010000 (32)
   *   tenc  version 0 | reserved (16) | default_isProtected (8) = 1
   *         default_Per_Sample_IV_Size (8) = 8 | default_KID (128)
   * </pre>
   */
  record Cenc(KeyId keyId) implements TrackEncryption {
    @Override
    public void writeTo(BoxWriter out, String originalFormat) {
      SchemeInformation.begin(out, originalFormat, "cenc", 0x0001_0000);
      out.begin("tenc", 0, 0).uint16(0).uint8(1).uint8(CencIvs.IV_BYTES).raw(keyId.bytes()).end();
      SchemeInformation.end(out);
    }
  }

  /**
   * AES-128-CBC by pattern with a constant IV. Audio has the pattern 0:0, whose version has to be 1
   * all the same: Safari plays no audio otherwise.
   *
   * <pre>
   *   schm  'cbcs' (32) | 0x00010000 (32)
   *   tenc  version 1 | reserved (8) | default_crypt_byte_block (4) | default_skip_byte_block (4)
   *         default_isProtected (8) = 1 | default_Per_Sample_IV_Size (8) = 0 | default_KID (128)
   *         default_constant_IV_size (8) = 16 | default_constant_IV (128)
   * </pre>
   */
  record Cbcs(KeyId keyId, Bytes constantIv, boolean audio) implements TrackEncryption {
    private static final int ONE_OF_TEN = 0x19;
    private static final int ALL = 0x00;

    public Cbcs {
      if (constantIv.size() != ConstantIv.BYTES) {
        throw new IllegalArgumentException(
            "constant IV: %d bytes (expected: 16)".formatted(constantIv.size()));
      }
    }

    @Override
    public void writeTo(BoxWriter out, String originalFormat) {
      SchemeInformation.begin(out, originalFormat, "cbcs", 0x0001_0000);
      out.begin("tenc", 1, 0).uint8(0).uint8(audio ? ALL : ONE_OF_TEN);
      out.uint8(1).uint8(0).raw(keyId.bytes());
      out.uint8(constantIv.size()).raw(constantIv).end();
      SchemeInformation.end(out);
    }
  }

  /**
   * The same as {@code cenc}, in the boxes that were before it.
   *
   * <pre>
   *   schm  'piff' (32) | 0x00010001 (32)
   *   uuid  8974dbce-7be7-4c51-84f9-7148f9882554 | version 0
   *         default_AlgorithmID (24) = 1, AES-CTR | default_IV_size (8) = 8 | default_KID (128)
   * </pre>
   *
   * <p>Spec: PIFF 1.1 5.3.3.
   */
  record Piff(KeyId keyId) implements TrackEncryption {
    private static final int AES_CTR = 1;

    @Override
    public void writeTo(BoxWriter out, String originalFormat) {
      SchemeInformation.begin(out, originalFormat, "piff", 0x0001_0001);
      out.begin("uuid").raw(PiffUuids.TRACK_ENCRYPTION).uint32(0);
      out.uint8(0).uint16(AES_CTR).uint8(CencIvs.IV_BYTES).raw(keyId.bytes()).end();
      SchemeInformation.end(out);
    }
  }
}
