package dev.sluice.origin.encrypt;

import dev.sluice.crypto.CbcRanges;
import dev.sluice.crypto.MediaCipher;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Bytes;

/**
 * The pass of {@code cbcs} over the samples of one fragment. Divided samples, as of video, have one
 * block of ten encrypted; of others, as of audio, it is every whole block.
 *
 * <p>Each subsample, and each sample that is not divided, is a chain of its own, begun with the
 * constant IV (CENC 10.4.2). Reads that follow one another go on with the chain; another one begins
 * where the chain does, which is at most a subsample before it.
 */
public final class CbcsPass implements SamplePass {
  private final MediaCipher cipher;
  private final KeyCopy key;
  private final Bytes constantIv;
  private final SubsampleMap map;

  /**
   * @param constantIv 16 bytes, as {@code tenc} holds them
   */
  public CbcsPass(MediaCipher cipher, ContentKey key, Bytes constantIv, SubsampleMap map) {
    if (constantIv.size() != ConstantIv.BYTES) {
      throw new IllegalArgumentException(
          "constant IV: %d bytes (expected: 16)".formatted(constantIv.size()));
    }
    this.cipher = cipher;
    this.key = new KeyCopy(key);
    this.constantIv = constantIv;
    this.map = map;
  }

  @Override
  public SampleBytes over(SamplePayload payload) {
    var pattern = map.hasSubsamples() ? CbcRanges.Pattern.ONE_OF_TEN : CbcRanges.Pattern.ALL;
    return new ChainReader(
        payload, new CbcsPayload(cipher, key, constantIv, pattern, map, payload));
  }

  @Override
  public void close() {
    key.close();
  }
}
