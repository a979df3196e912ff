package dev.sluice.origin.encrypt;

import dev.sluice.crypto.CbcRanges;
import dev.sluice.crypto.MediaCipher;
import dev.sluice.origin.media.Bytes;
import java.nio.ByteBuffer;

/**
 * A payload under {@code cbcs}. Of each protected range the whole blocks count as encrypted, those
 * that the pattern skips as well: it may be paused at any of them.
 */
final class CbcsPayload implements ChainReader.Chain {
  private static final int BLOCK_BYTES = ChainReader.BLOCK_BYTES;

  private final MediaCipher cipher;
  private final KeyCopy key;
  private final CbcRanges.Pattern pattern;
  private final ProtectedRanges protectedRanges;
  private final CbcRanges ranges = new CbcRanges();
  private final long ivHigh;
  private final long ivLow;

  /** Where the chain stands: what is encrypted from there on is chained to the block below. */
  private long chainAt = -1;

  private long chainHigh;
  private long chainLow;

  CbcsPayload(
      MediaCipher cipher,
      KeyCopy key,
      Bytes constantIv,
      CbcRanges.Pattern pattern,
      SubsampleMap map,
      SamplePayload payload) {
    this.cipher = cipher;
    this.key = key;
    this.pattern = pattern;
    this.protectedRanges = new ProtectedRanges(map, payload);
    var iv = constantIv.asBuffer();
    this.ivHigh = iv.getLong();
    this.ivLow = iv.getLong();
  }

  @Override
  public long restart(long positionBytes) {
    protectedRanges.begin(positionBytes, positionBytes + 1);
    return protectedRanges.next() && positionBytes < wholeEnd()
        ? protectedRanges.startBytes()
        : positionBytes;
  }

  @Override
  public long pause(long positionBytes) {
    protectedRanges.begin(positionBytes - 1, positionBytes);
    return protectedRanges.next() && positionBytes < wholeEnd()
        ? positionBytes - (positionBytes - protectedRanges.startBytes()) % BLOCK_BYTES
        : positionBytes;
  }

  @Override
  public void encrypt(long positionBytes, ByteBuffer source, ByteBuffer target) {
    long end = positionBytes + source.remaining();
    ranges.clear();
    protectedRanges.begin(positionBytes, end);
    while (protectedRanges.next()) {
      addRange(positionBytes, end);
    }
    cipher.cbc(key.value(), ranges, source, target);
    chainAt = end;
    if (ranges.count() > 0) {
      chainHigh = ranges.endHigh(ranges.count() - 1);
      chainLow = ranges.endLow(ranges.count() - 1);
    }
  }

  private void addRange(long position, long end) {
    long start = protectedRanges.startBytes();
    long from = Math.max(position, start);
    int length = (int) (Math.min(end, wholeEnd()) - from);
    if (length <= 0) {
      return;
    }
    boolean goesOn = start < position;
    if (length % BLOCK_BYTES != 0 || (goesOn && chainAt != position)) {
      throw new IllegalStateException(
          "cbcs: %d+%d of a range at %d (expected: whole blocks, from %d on)"
              .formatted(from, length, start, chainAt));
    }
    long blocksBefore = (from - start) / BLOCK_BYTES;
    ranges.add(
        (int) (from - position),
        length,
        pattern,
        (int) (blocksBefore % pattern.periodBlocks()),
        goesOn ? chainHigh : ivHigh,
        goesOn ? chainLow : ivLow);
  }

  /** Where the last whole block of the range ends. */
  private long wholeEnd() {
    long end = protectedRanges.endBytes();
    return end - (end - protectedRanges.startBytes()) % BLOCK_BYTES;
  }
}
