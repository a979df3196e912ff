package dev.sluice.origin.encrypt;

import dev.sluice.crypto.CbcRanges;
import dev.sluice.crypto.MediaCipher;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Bytes;
import java.nio.ByteBuffer;

/**
 * A whole body under AES-128-CBC with the padding of PKCS#7: what HLS calls {@code AES-128} and the
 * streaming service envelope encryption.
 *
 * <pre>
 *   | block | block | ... | rest of the body, then n bytes of value n: 1 to 16 |
 * </pre>
 *
 * <p>Each block depends on all before it. Reads that follow one another go on with the chain; any
 * other one begins with the first byte of the body, and is the dearer the further back it lies.
 *
 * <p>Ownership: takes the inner body, and closes it. Holds a copy of the key until then.
 *
 * <p>Spec: RFC 8216 4.3.2.4; RFC 5652 6.3.
 */
public final class EnvelopeBody implements Body {
  private static final int BLOCK_BYTES = ChainReader.BLOCK_BYTES;

  private final Body inner;
  private final KeyCopy key;
  private final MediaCipher cipher;
  private final long ivHigh;
  private final long ivLow;
  private final long lengthBytes;
  private final ChainReader encrypted;
  private final CbcRanges range = new CbcRanges();
  private final byte[] scratch;
  private long chainAt = -1;
  private long chainHigh;
  private long chainLow;

  /**
   * A body around another.
   *
   * @param key borrowed; a copy of its value is kept
   * @param iv 16 bytes
   */
  public EnvelopeBody(Body inner, ContentKey key, Bytes iv, MediaCipher cipher) {
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
    this.encrypted = new ChainReader(new Blocks());
    this.scratch = new byte[(int) Math.min(ChainReader.MAX_PIECE_BYTES, lengthBytes)];
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
    if (positionBytes < 0 || positionBytes > lengthBytes - out.remaining()) {
      throw new IllegalArgumentException(
          "range: %d+%d (expected: within %d bytes)"
              .formatted(positionBytes, out.remaining(), lengthBytes));
    }
    encrypted.read(positionBytes, out);
  }

  @Override
  public void close() {
    try (inner) {
      key.close();
    }
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
    public void encrypt(long positionBytes, ByteBuffer out) {
      if (positionBytes != 0 && positionBytes != chainAt) {
        throw new IllegalStateException(
            "envelope: read at %d (expected: at %d)".formatted(positionBytes, chainAt));
      }
      var piece = ByteBuffer.wrap(scratch, 0, out.remaining());
      readPadded(positionBytes, piece);
      range.clear();
      boolean first = positionBytes == 0;
      range.add(
          0,
          piece.remaining(),
          CbcRanges.Pattern.ALL,
          0,
          first ? ivHigh : chainHigh,
          first ? ivLow : chainLow);
      chainAt = positionBytes + piece.remaining();
      cipher.cbc(key.value(), range, piece, out);
      chainHigh = range.endHigh(0);
      chainLow = range.endLow(0);
    }

    private void readPadded(long position, ByteBuffer piece) {
      int limit = piece.limit();
      long clearBytes = inner.lengthBytes();
      if (position < clearBytes) {
        piece.limit((int) Math.min(limit, clearBytes - position));
        inner.read(position, piece);
        piece.limit(limit);
      }
      while (piece.hasRemaining()) {
        piece.put((byte) (lengthBytes - clearBytes));
      }
      piece.flip();
    }
  }
}
