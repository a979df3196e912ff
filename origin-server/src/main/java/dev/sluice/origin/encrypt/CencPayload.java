package dev.sluice.origin.encrypt;

import dev.sluice.crypto.CtrRanges;
import dev.sluice.crypto.MediaCipher;
import java.nio.ByteBuffer;
import java.util.function.IntToLongFunction;

/** A payload under {@code cenc}. */
final class CencPayload implements SampleBytes {
  private final MediaCipher cipher;
  private final KeyCopy key;
  private final IntToLongFunction ivs;
  private final SamplePayload clear;
  private final ProtectedRanges protectedRanges;
  private final CtrRanges ranges = new CtrRanges();

  /** The payload, encrypted with an IV of 8 bytes for each sample. */
  CencPayload(
      MediaCipher cipher,
      KeyCopy key,
      IntToLongFunction ivs,
      SubsampleMap map,
      SamplePayload clear) {
    this.cipher = cipher;
    this.key = key;
    this.ivs = ivs;
    this.clear = clear;
    this.protectedRanges = new ProtectedRanges(map, clear);
  }

  @Override
  public void read(long offsetBytes, ByteBuffer out) {
    int begin = out.position();
    clear.read(offsetBytes, out);
    encrypt(offsetBytes, out.slice(begin, out.position() - begin));
  }

  @Override
  public boolean readNow(long offsetBytes, ByteBuffer out) {
    int begin = out.position();
    if (!clear.readNow(offsetBytes, out)) {
      return false;
    }
    encrypt(offsetBytes, out.slice(begin, out.position() - begin));
    return true;
  }

  /** Encrypts clear bytes of the payload where they are. */
  private void encrypt(long position, ByteBuffer piece) {
    ranges.clear();
    long end = position + piece.remaining();
    protectedRanges.begin(position, end);
    while (protectedRanges.next()) {
      long from = Math.max(position, protectedRanges.startBytes());
      ranges.add(
          (int) (from - position),
          (int) (Math.min(end, protectedRanges.endBytes()) - from),
          ivs.applyAsLong(protectedRanges.sample()),
          0,
          protectedRanges.protectedBefore() + (from - protectedRanges.startBytes()));
    }
    cipher.ctr(key.value(), ranges, piece, piece.duplicate());
  }
}
