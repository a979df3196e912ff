package dev.sluice.origin.encrypt;

import dev.sluice.crypto.CtrRanges;
import dev.sluice.crypto.MediaCipher;
import java.nio.ByteBuffer;
import java.util.function.IntToLongFunction;

/** A payload under {@code cenc}. */
final class CencPayload implements SampleBytes {
  private static final int PIECE_BYTES = 64 * 1024;

  private final MediaCipher cipher;
  private final KeyCopy key;
  private final IntToLongFunction ivs;
  private final SamplePayload clear;
  private final ProtectedRanges protectedRanges;
  private final CtrRanges ranges = new CtrRanges();
  private final byte[] scratch;

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
    this.scratch = new byte[(int) Math.min(PIECE_BYTES, clear.lengthBytes())];
  }

  @Override
  public void read(long offsetBytes, ByteBuffer out) {
    long position = offsetBytes;
    int limit = out.limit();
    while (out.position() < limit) {
      int length = Math.min(scratch.length, limit - out.position());
      out.limit(out.position() + length);
      encrypt(position, ByteBuffer.wrap(scratch, 0, length), out);
      out.limit(limit);
      position += length;
    }
  }

  private void encrypt(long position, ByteBuffer piece, ByteBuffer out) {
    clear.read(position, piece);
    piece.flip();
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
    cipher.ctr(key.value(), ranges, piece, out);
  }
}
