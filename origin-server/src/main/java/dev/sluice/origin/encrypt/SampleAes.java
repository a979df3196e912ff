package dev.sluice.origin.encrypt;

import dev.sluice.crypto.CbcRanges;
import dev.sluice.crypto.JdkMediaCipher;
import dev.sluice.crypto.MediaCipher;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Bytes;
import java.nio.ByteBuffer;

/**
 * SAMPLE-AES over the NAL units and audio frames of a transport stream: AES-128-CBC without
 * padding, begun anew with the same IV at each unit and frame.
 *
 * <pre>
 *   NAL unit of type 1 or 5, longer than 48 bytes, with its emulation prevention bytes
 *     clear (32) { encrypted (16) if more than 16 are left | clear (up to 144) } ...
 *   AAC frame, without its ADTS header
 *     clear (16) { encrypted (16) } ... clear (0 to 15)
 * </pre>
 *
 * <p>The rule differs from that of {@code cbcs}, which encrypts a last block that is just full.
 *
 * <p>A NAL unit is encrypted with the emulation prevention that it has, and gets another one around
 * it. Decoders remove the outer one, decrypt, and have the unit as it was; if the inner one were
 * removed before, they would be left with what is no NAL unit.
 *
 * <p>Holds a copy of the key's value until it is closed. Used by one thread at a time.
 *
 * <p>Spec: Apple, MPEG-2 Stream Encryption Format for HTTP Live Streaming, 2.2 and 2.3.2.
 */
public final class SampleAes implements AutoCloseable {

  /** The size of the IV, and of a block. */
  public static final int IV_BYTES = 16;

  /** The size of a block. */
  public static final int BLOCK_BYTES = 16;

  /** What is encrypted by itself, and which of its blocks are. */
  public enum Unit {
    /** A NAL unit of type 1 or 5. */
    SLICE(32) {
      @Override
      public int blocks(int unitBytes) {
        return encryptsSlice(unitBytes) ? (unitBytes - CLEAR_NAL_BYTES - 1) / strideBytes() + 1 : 0;
      }
    },
    /** An AAC frame. */
    FRAME(16) {
      @Override
      public int blocks(int unitBytes) {
        return Math.max(0, unitBytes - leaderBytes()) / BLOCK_BYTES;
      }
    };

    private final int leaderBytes;

    Unit(int leaderBytes) {
      this.leaderBytes = leaderBytes;
    }

    private CbcRanges.Pattern pattern() {
      return switch (this) {
        case SLICE -> CbcRanges.Pattern.ONE_OF_TEN;
        case FRAME -> CbcRanges.Pattern.ALL;
      };
    }

    /** How many blocks of a unit of this length are encrypted. */
    public abstract int blocks(int unitBytes);

    /** What stays clear before the first of them. */
    int leaderBytes() {
      return leaderBytes;
    }

    /** From the beginning of an encrypted block to that of the next. */
    public int strideBytes() {
      return pattern().periodBlocks() * BLOCK_BYTES;
    }

    /** Where in the unit an encrypted block begins. */
    public int blockAt(int block) {
      return leaderBytes + block * strideBytes();
    }

    /** How many encrypted blocks of a unit of this length begin before this byte of it. */
    public int blocksBegunBefore(int offsetBytes, int unitBytes) {
      int begun =
          offsetBytes <= leaderBytes ? 0 : (offsetBytes - leaderBytes - 1) / strideBytes() + 1;
      return Math.min(begun, blocks(unitBytes));
    }

    /** How many of them end before it. */
    public int blocksEndedBefore(int offsetBytes, int unitBytes) {
      return blocksBegunBefore(offsetBytes - BLOCK_BYTES + 1, unitBytes);
    }
  }

  private static final int CLEAR_NAL_BYTES = 48;

  private final MediaCipher cipher;
  private final KeyCopy key;
  private final long ivHigh;
  private final long ivLow;
  private final CbcRanges ranges = new CbcRanges();

  /** On the engine of the JDK. */
  public SampleAes(ContentKey key, Bytes iv) {
    this(new JdkMediaCipher(), key, iv);
  }

  /**
   * On an engine.
   *
   * @param key borrowed
   * @param iv 16 bytes
   */
  public SampleAes(MediaCipher cipher, ContentKey key, Bytes iv) {
    if (iv.size() != IV_BYTES) {
      throw new IllegalArgumentException("iv: %d bytes (expected: 16)".formatted(iv.size()));
    }
    this.cipher = cipher;
    this.key = new KeyCopy(key);
    var halves = iv.asBuffer();
    this.ivHigh = halves.getLong();
    this.ivLow = halves.getLong();
  }

  /** Whether a slice of this many bytes has anything encrypted. */
  public static boolean encryptsSlice(int nalBytes) {
    return nalBytes > CLEAR_NAL_BYTES;
  }

  /**
   * Encrypts a slice (a NAL unit of type 1 or 5) in place. Emulation prevention has to be applied
   * to the whole unit again afterwards if {@link #encryptsSlice}.
   */
  public void slice(byte[] bytes, int offset, int lengthBytes) {
    whole(Unit.SLICE, bytes, offset, lengthBytes);
  }

  /** Encrypts an AAC frame in place. It does not include the ADTS header. */
  public void audioFrame(byte[] bytes, int offset, int lengthBytes) {
    whole(Unit.FRAME, bytes, offset, lengthBytes);
  }

  private void whole(Unit unit, byte[] bytes, int offset, int lengthBytes) {
    int blocks = unit.blocks(lengthBytes);
    if (blocks > 0) {
      begin();
      add(unit, unit.blockAt(0), blocks);
      encrypt(ByteBuffer.wrap(bytes, offset, lengthBytes));
    }
  }

  /** Forgets what was added. */
  public void begin() {
    ranges.clear();
  }

  /**
   * Adds encrypted blocks of a unit, from its first one on.
   *
   * @param offset where the first of them begins in the piece, in rising order
   * @param blocks how many they are, at least 1
   */
  public void add(Unit unit, int offset, int blocks) {
    add(unit, offset, blocks, ivHigh, ivLow);
  }

  /**
   * Adds encrypted blocks of a unit that follow others.
   *
   * @param offset where the first of them begins in the piece, in rising order
   * @param blocks how many they are, at least 1
   * @param chainHigh the first 8 bytes of the encrypted block before them
   * @param chainLow the last 8 bytes of it
   */
  public void add(Unit unit, int offset, int blocks, long chainHigh, long chainLow) {
    int lengthBytes = (blocks - 1) * unit.strideBytes() + BLOCK_BYTES;
    ranges.add(offset, lengthBytes, unit.pattern(), 0, chainHigh, chainLow);
  }

  /**
   * Encrypts what was added, in place. Once.
   *
   * @param piece its offsets count from the position; borrowed
   */
  public void encrypt(ByteBuffer piece) {
    byte[] value = key.value();
    if (ranges.count() > 0) {
      cipher.cbc(value, ranges, piece.duplicate(), piece.duplicate());
    }
  }

  /** The first 8 bytes of the last block that was encrypted. */
  public long endHigh() {
    return ranges.endHigh(ranges.count() - 1);
  }

  /** The last 8 bytes of it. */
  public long endLow() {
    return ranges.endLow(ranges.count() - 1);
  }

  @Override
  public void close() {
    key.close();
  }
}
