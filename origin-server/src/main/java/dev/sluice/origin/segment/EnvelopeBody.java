package dev.sluice.origin.segment;

import dev.sluice.crypto.CbcRanges;
import dev.sluice.crypto.MediaCipher;
import dev.sluice.origin.encrypt.ChainReader;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;

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
  private static final int KEY_BYTES = 16;

  private final Body inner;
  private final byte[] key;
  private final MediaCipher cipher;
  private final long ivHigh;
  private final long ivLow;
  private final long lengthBytes;
  private final ChainReader encrypted;
  private final CbcRanges range = new CbcRanges();
  private final byte[] scratch;
  private boolean closed;
  private long chainAt = -1;
  private long chainHigh;
  private long chainLow;

  /**
   * A body around another.
   *
   * @param key 16 bytes; borrowed, a copy is kept
   * @param iv 16 bytes
   */
  public EnvelopeBody(Body inner, byte[] key, Bytes iv, MediaCipher cipher) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("key: %d bytes (expected: 16)".formatted(key.length));
    }
    if (iv.size() != BLOCK_BYTES) {
      throw new IllegalArgumentException("iv: %d bytes (expected: 16)".formatted(iv.size()));
    }
    this.inner = inner;
    this.key = key.clone();
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
      closed = true;
      Arrays.fill(key, (byte) 0);
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
      if (closed || (positionBytes != 0 && positionBytes != chainAt)) {
        throw new IllegalStateException(
            "envelope: read at %d (expected: at %d, before the body is closed)"
                .formatted(positionBytes, chainAt));
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
      cipher.cbc(key, range, piece, out);
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
