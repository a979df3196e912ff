package dev.sluice.origin.encrypt;

import dev.sluice.crypto.CtrRanges;
import dev.sluice.crypto.MediaCipher;
import dev.sluice.origin.key.ContentKey;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The pass of {@code cenc} over the samples of one fragment, a piece at a time.
 *
 * <p>Within a sample the keystream runs on from one protected range to the next; each sample begins
 * a new one (CENC 9.2). So where a piece begins in a sample does not matter: the bytes are the same
 * in every cut.
 *
 * <p>Holds a copy of the key's value until it is closed. Used by one thread at a time.
 */
public final class CencPass implements AutoCloseable {
  private final MediaCipher cipher;
  private final byte[] key;
  private final CencIvs ivs;
  private final int fragment;
  private final SubsampleMap map;
  private final CtrRanges ranges = new CtrRanges();
  private long limit;

  /**
   * @param ivs of the track
   * @param fragment its number in the track
   */
  public CencPass(MediaCipher cipher, ContentKey key, CencIvs ivs, int fragment, SubsampleMap map) {
    this.cipher = cipher;
    this.key = key.copyValue();
    this.ivs = ivs;
    this.fragment = fragment;
    this.map = map;
  }

  /** The IV of a sample, 8 bytes. */
  public long iv(int sample) {
    return ivs.iv(fragment, sample);
  }

  /** Begins a piece. */
  public void begin() {
    ranges.clear();
    limit = 0;
  }

  /**
   * Adds a sample that lies in the piece, wholly or in part.
   *
   * @param startBytes where it begins in the piece; negative if it begins before it
   * @param sizeBytes of the whole sample
   */
  public void sample(int sample, long startBytes, int sizeBytes) {
    long iv = iv(sample);
    limit = Math.max(limit, startBytes + sizeBytes);
    if (!map.hasSubsamples()) {
      add(startBytes, sizeBytes, iv, 0);
      return;
    }
    long at = startBytes;
    long keystream = 0;
    for (int k = 0; k < map.entryCount(sample); k++) {
      at += map.clearBytes(sample, k);
      int protectedBytes = map.protectedBytes(sample, k);
      add(at, protectedBytes, iv, keystream);
      at += protectedBytes;
      keystream += protectedBytes;
    }
    if (at != startBytes + sizeBytes) {
      throw new IllegalStateException(
          "subsamples of sample %d: %d bytes (expected: %d, the sample)"
              .formatted(sample, at - startBytes, sizeBytes));
    }
  }

  /** Keeps the range; what lies outside the piece is cut off when the piece is known. */
  private void add(long startBytes, long lengthBytes, long iv, long keystreamBytes) {
    long cut = Math.max(0, -startBytes);
    if (cut < lengthBytes && startBytes + cut <= Integer.MAX_VALUE) {
      ranges.add(
          (int) (startBytes + cut),
          (int) Math.min(lengthBytes - cut, Integer.MAX_VALUE),
          iv,
          0,
          keystreamBytes + cut);
    }
  }

  /**
   * Copies the piece and encrypts it on the way.
   *
   * @throws IllegalStateException if the samples added do not reach to the end of the piece
   */
  public void encrypt(ByteBuffer piece, ByteBuffer out) {
    if (limit < piece.remaining()) {
      throw new IllegalStateException(
          "samples: %d bytes (expected: >= %d, the piece)".formatted(limit, piece.remaining()));
    }
    ranges.cutAt(piece.remaining());
    cipher.ctr(key, ranges, piece, out);
  }

  @Override
  public void close() {
    Arrays.fill(key, (byte) 0);
  }
}
