package dev.sluice.origin.encrypt;

import dev.sluice.crypto.CtrRanges;
import dev.sluice.crypto.MediaCipher;
import dev.sluice.crypto.SourceGoneException;
import dev.sluice.origin.media.MappedBytes;
import java.nio.ByteBuffer;
import java.util.Optional;
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
    encryptInPlace(offsetBytes, out.slice(begin, out.position() - begin));
  }

  @Override
  public boolean readNow(long offsetBytes, ByteBuffer out) {
    int begin = out.position();
    Optional<MappedBytes> mapped =
        out.hasRemaining() ? clear.mapped(offsetBytes, out.remaining()) : Optional.empty();
    if (mapped.isPresent()) {
      encryptMapped(offsetBytes, mapped.get(), out);
      return true;
    }
    if (!clear.readNow(offsetBytes, out)) {
      return false;
    }
    encryptInPlace(offsetBytes, out.slice(begin, out.position() - begin));
    return true;
  }

  private void encryptMapped(long position, MappedBytes source, ByteBuffer out) {
    try {
      encrypt(position, source.bytes(), out);
    } catch (SourceGoneException e) {
      throw GoneSource.failure();
    }
    source.requireUnchanged();
  }

  private void encryptInPlace(long position, ByteBuffer piece) {
    encrypt(position, piece, piece.duplicate());
  }

  /** Encrypts clear bytes of the payload. */
  private void encrypt(long position, ByteBuffer source, ByteBuffer target) {
    ranges.clear();
    long end = position + source.remaining();
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
    cipher.ctr(key.value(), ranges, source, target);
  }
}
