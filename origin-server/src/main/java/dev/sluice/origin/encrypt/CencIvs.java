package dev.sluice.origin.encrypt;

import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Bytes;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The 8-byte IVs of a track under {@code cenc}, as big-endian numbers: a base that is drawn from
 * everything the samples' bytes and places depend on, plus the number of the sample. No state, so
 * every fragment and every node has the same ones.
 *
 * <pre>
 *   base = HKDF-SHA256(key, info = label | asset | revision | track | layout), first 8 bytes
 *   iv   = base + (fragment &lt;&lt; 20) + sample        modulo 2^64
 * </pre>
 *
 * <p>No two samples under one key may have the same IV. Within a track they differ by construction.
 * Between tracks they differ unless two bases lie closer together than a track is long: with T
 * tracks of F fragments under one key, that has a chance below T^2 * F * 2^20 / 2^64.
 *
 * @param base of the track, any value
 *     <p>Spec: CENC 9.2, 9.3.
 */
public record CencIvs(long base) {

  /** The size of a sample's IV in bytes. PlayReady clients up to 3.x know no other. */
  public static final int IV_BYTES = 8;

  /** The bits of an IV that number the samples of a fragment. */
  private static final int SAMPLE_BITS = 20;

  private static final int FRAGMENT_BITS = 40;
  private static final String LABEL = "sluice cenc iv v1";

  /**
   * The IVs of one track of one asset.
   *
   * @param key that the track is encrypted with; borrowed
   * @param asset its name
   * @param revision of the content: changes whenever a byte of it changes
   * @param track what tells it from the asset's other tracks, such as its name and bitrate
   * @param layout of clear and protected bytes, and of what is left out of samples
   */
  public static CencIvs of(
      ContentKey key, String asset, String revision, String track, String layout) {
    byte[] base =
        KeyDerivation.derive(key, LABEL, List.of(asset, revision, track, layout), Long.BYTES);
    return new CencIvs(ByteBuffer.wrap(base).getLong());
  }

  /**
   * The IV of a sample.
   *
   * @param fragment in the track, from 0, below 2^40
   * @param sample in the fragment, from 0, below 2^20
   */
  public long iv(long fragment, int sample) {
    if (fragment < 0 || fragment >> FRAGMENT_BITS != 0) {
      throw new IllegalArgumentException("fragment: %d (expected: < 2^40)".formatted(fragment));
    }
    if (sample < 0 || sample >> SAMPLE_BITS != 0) {
      throw new IllegalArgumentException("sample: %d (expected: < 2^20)".formatted(sample));
    }
    return base + (fragment << SAMPLE_BITS) + sample;
  }

  /** The 8 bytes of an IV, as {@code senc} holds them. */
  public static Bytes bytes(long iv) {
    return Bytes.copyOf(ByteBuffer.allocate(Long.BYTES).putLong(iv).array());
  }
}
