package dev.sluice.origin.encrypt;

import dev.sluice.crypto.MediaCipher;
import dev.sluice.origin.key.ContentKey;

/**
 * The pass of {@code cenc} over the samples of one fragment.
 *
 * <p>Within a sample the keystream runs on from one protected range to the next; each sample begins
 * a new one (CENC 9.2). So where a piece begins in a sample does not matter: every cut gives the
 * same bytes, and nothing is read twice.
 */
public final class CencPass implements SamplePass {
  private final MediaCipher cipher;
  private final KeyCopy key;
  private final CencIvs ivs;
  private final int fragment;
  private final SubsampleMap map;

  /**
   * @param ivs of the track
   * @param fragment its number in the track
   */
  public CencPass(MediaCipher cipher, ContentKey key, CencIvs ivs, int fragment, SubsampleMap map) {
    this.cipher = cipher;
    this.key = new KeyCopy(key);
    this.ivs = ivs;
    this.fragment = fragment;
    this.map = map;
  }

  /** The IV of a sample, 8 bytes. */
  public long iv(int sample) {
    return ivs.iv(fragment, sample);
  }

  @Override
  public SampleBytes over(SamplePayload payload) {
    return new CencPayload(cipher, key, this::iv, map, payload);
  }

  @Override
  public void close() {
    key.close();
  }
}
