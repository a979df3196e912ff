package dev.sluice.origin.encrypt;

import dev.sluice.crypto.CbcRanges;
import dev.sluice.crypto.MediaCipher;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.MappedBytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A whole body under AES-128-CBC with the padding of PKCS#7: what HLS calls {@code AES-128} and the
 * streaming service envelope encryption.
 *
 * <pre>
 *   | block | block | ... | rest of the body, then n bytes of value n: 1 to 16 |
 * </pre>
 *
 * <p>Each block depends on all before it. Reads that follow one another go on with the chain; any
 * other one begins with the first byte of the body, and is the dearer the further back it lies. One
 * chain cannot be made faster, but those of several bodies can be worked on together.
 *
 * <p>Ownership: takes the inner body, and closes it. Holds a copy of the key until then.
 *
 * <p>Spec: RFC 8216 4.3.2.4; RFC 5652 6.3.
 */
public final class EnvelopeBody implements Body {
  private static final int BLOCK_BYTES = ChainReader.BLOCK_BYTES;

  private final Body inner;
  private final KeyCopy key;
  private final EnvelopeCipher cipher;
  private final long ivHigh;
  private final long ivLow;
  private final long lengthBytes;
  private final ChainReader encrypted;
  private final CbcRanges range = new CbcRanges();
  private long chainAt = -1;
  private long chainHigh;
  private long chainLow;

  /** Of the piece that was begun last. */
  private Optional<ChainReader.Begun> begun = Optional.empty();

  /**
   * A body around another.
   *
   * @param key borrowed; a copy of its value is kept
   * @param iv 16 bytes
   */
  public EnvelopeBody(Body inner, ContentKey key, Bytes iv, EnvelopeCipher cipher) {
    if (iv.size() != BLOCK_BYTES) {
      throw new IllegalArgumentException("iv: %d bytes (expected: 16)".formatted(iv.size()));
    }
    this.inner = inner;
    this.key = new KeyCopy(key);
    this.cipher = cipher;
    var blocks = iv.asBuffer();
    this.ivHigh = blocks.getLong();
    this.ivLow = blocks.getLong();
    this.lengthBytes = lengthBytes(inner.lengthBytes());
    this.encrypted = new ChainReader(new Padded(), new Blocks());
  }

  /** The length of a body of so many bytes once it is encrypted. */
  public static long lengthBytes(long clearBytes) {
    return (clearBytes / BLOCK_BYTES + 1) * BLOCK_BYTES;
  }

  @Override
  public long lengthBytes() {
    return lengthBytes;
  }

  @Override
  public void read(long positionBytes, ByteBuffer out) {
    requireWithin(positionBytes, out);
    ClearRest.wipedUnless(
        out,
        () -> {
          encrypted.read(positionBytes, out);
          return true;
        });
  }

  @Override
  public boolean readNow(long positionBytes, ByteBuffer out) {
    requireWithin(positionBytes, out);
    return ClearRest.wipedUnless(out, () -> encrypted.readNow(positionBytes, out));
  }

  @Override
  public Optional<Together> together() {
    return Optional.of(cipher);
  }

  /** The cipher that makes pieces of several bodies. */
  EnvelopeCipher cipher() {
    return cipher;
  }

  /**
   * Begins a piece: has its clear bytes mapped, or read to where it is wanted.
   *
   * @param piece of this body
   * @return what is to be encrypted before {@link #end}; empty where the piece must be read by
   *     itself
   */
  Optional<MediaCipher.CbcJob> begin(Piece piece) {
    var out = piece.out();
    requireWithin(piece.positionBytes(), out);
    begun = encrypted.beginNow(piece.positionBytes(), out);
    begun.ifPresent(b -> chain(piece.positionBytes(), b.source().remaining()));
    return begun.map(b -> new MediaCipher.CbcJob(key.value(), range, b.source(), b.target()));
  }

  /** Whether what was begun last is encrypted out of a mapping. */
  boolean isMapped() {
    return begun.flatMap(ChainReader.Begun::mapping).isPresent();
  }

  /** Sets the chain back to where what was begun last begins, so that it can be done once more. */
  void beginAgain(Piece piece) {
    chainAt = piece.positionBytes();
    chain(piece.positionBytes(), range.lengthBytes(0));
  }

  /**
   * What was begun last has been encrypted, or has failed.
   *
   * @throws dev.sluice.origin.failure.StoreFailure if it must not leave, since its file has changed
   */
  void end(Piece piece, boolean succeeded) {
    keepChain();
    encrypted.ended(piece.positionBytes() + range.lengthBytes(0), succeeded);
    if (succeeded) {
      begun.ifPresent(ChainReader.Begun::requireUnchanged);
    }
    begun = Optional.empty();
  }

  @Override
  public void close() {
    try (inner) {
      key.close();
    }
  }

  private void requireWithin(long positionBytes, ByteBuffer out) {
    if (positionBytes < 0 || positionBytes > lengthBytes - out.remaining()) {
      throw new IllegalArgumentException(
          "range: %d+%d (expected: within %d bytes)"
              .formatted(positionBytes, out.remaining(), lengthBytes));
    }
  }

  /** Makes the one range of these bytes, which goes on with the chain. */
  private void chain(long positionBytes, int length) {
    if (positionBytes != 0 && positionBytes != chainAt) {
      throw new IllegalStateException(
          "envelope: read at %d (expected: at %d)".formatted(positionBytes, chainAt));
    }
    boolean first = positionBytes == 0;
    range.clear();
    range.add(
        0, length, CbcRanges.Pattern.ALL, 0, first ? ivHigh : chainHigh, first ? ivLow : chainLow);
    chainAt = positionBytes + length;
  }

  private void keepChain() {
    chainHigh = range.endHigh(0);
    chainLow = range.endLow(0);
  }

  /** The body, padded, as one chain. */
  private final class Blocks implements ChainReader.Chain {
    @Override
    public long restart(long positionBytes) {
      return 0;
    }

    @Override
    public long pause(long positionBytes) {
      return positionBytes - positionBytes % BLOCK_BYTES;
    }

    @Override
    public void encrypt(long positionBytes, ByteBuffer source, ByteBuffer target) {
      chain(positionBytes, source.remaining());
      cipher.encrypt(new MediaCipher.CbcJob(key.value(), range, source, target));
      keepChain();
    }
  }

  /** The clear body with its padding. */
  private final class Padded implements SampleBytes {
    @Override
    public void read(long positionBytes, ByteBuffer out) {
      int limit = out.limit();
      limitToInner(positionBytes, out);
      if (out.hasRemaining()) {
        inner.read(positionBytes, out);
      }
      pad(out.limit(limit));
    }

    @Override
    public boolean readNow(long positionBytes, ByteBuffer out) {
      int limit = out.limit();
      limitToInner(positionBytes, out);
      boolean read = !out.hasRemaining() || inner.readNow(positionBytes, out);
      out.limit(limit);
      if (read) {
        pad(out);
      }
      return read;
    }

    @Override
    public Optional<MappedBytes> mapped(long positionBytes, int length) {
      return length <= inner.lengthBytes() - positionBytes
          ? inner.mapped(positionBytes, length)
          : Optional.empty();
    }

    private void limitToInner(long positionBytes, ByteBuffer out) {
      long left = Math.max(0, inner.lengthBytes() - positionBytes);
      out.limit(out.position() + (int) Math.min(out.remaining(), left));
    }

    private void pad(ByteBuffer out) {
      while (out.hasRemaining()) {
        out.put((byte) (lengthBytes - inner.lengthBytes()));
      }
    }
  }
}
