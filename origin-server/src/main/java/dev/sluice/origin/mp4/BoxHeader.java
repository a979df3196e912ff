package dev.sluice.origin.mp4;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The header of a box.
 *
 * <pre>
 *   size (32)         0: to the end of the file; 1: largesize follows
 *   type (32)
 *   largesize (64)    only if size is 1
 * </pre>
 *
 * <p>Spec: ISOBMFF 4.2.2. The 16 bytes of a user type count as payload here.
 *
 * @param type four characters, ISO 8859-1
 * @param offsetBytes in the file, of the header
 * @param headerBytes 8 or 16
 * @param sizeBytes of the whole box, header included
 */
public record BoxHeader(String type, long offsetBytes, int headerBytes, long sizeBytes) {

  /** The length of a header without {@code largesize}. */
  public static final int SHORT_BYTES = 8;

  /** The length of a header with {@code largesize}: as many bytes as a reader has to show. */
  public static final int LONG_BYTES = 16;

  private static final String CLAUSE = "ISOBMFF 4.2.2";
  private static final int TO_END_OF_FILE = 0;
  private static final int LARGE_SIZE = 1;

  /**
   * Reads a header from the position of {@code in}, which it moves behind it.
   *
   * @param offsetBytes of the header in the file
   * @param endBytes where the parent ends in the file; the end of the file at top level
   * @param parent path of the parent, empty at top level
   * @throws ContentFailure if the header is cut short or the box does not fit its parent
   */
  public static BoxHeader read(ByteBuffer in, long offsetBytes, long endBytes, String parent) {
    if (in.remaining() < SHORT_BYTES || endBytes - offsetBytes < SHORT_BYTES) {
      throw malformed("box header: cut short (expected: 8 bytes)", parent, offsetBytes);
    }
    long size = Integer.toUnsignedLong(in.getInt());
    byte[] typeBytes = new byte[4];
    in.get(typeBytes);
    String type = new String(typeBytes, StandardCharsets.ISO_8859_1);
    int headerBytes = SHORT_BYTES;
    if (size == LARGE_SIZE) {
      if (in.remaining() < LONG_BYTES - SHORT_BYTES) {
        throw malformed("largesize: cut short (expected: 8 bytes)", parent, offsetBytes);
      }
      size = in.getLong();
      headerBytes = LONG_BYTES;
    } else if (size == TO_END_OF_FILE) {
      if (!parent.isEmpty()) {
        throw malformed("size: 0 (expected: only at top level)", parent, offsetBytes);
      }
      size = endBytes - offsetBytes;
    }
    if (size < headerBytes) {
      throw malformed(
          "size: %s (expected: >= %d, its header)"
              .formatted(Long.toUnsignedString(size), headerBytes),
          parent,
          offsetBytes);
    }
    if (size > endBytes - offsetBytes) {
      throw malformed(
          "size: %d (expected: <= %d, what is left of its parent)"
              .formatted(size, endBytes - offsetBytes),
          parent,
          offsetBytes);
    }
    return new BoxHeader(type, offsetBytes, headerBytes, size);
  }

  /** The offset of the first byte behind the box. */
  public long endBytes() {
    return offsetBytes + sizeBytes;
  }

  private static ContentFailure malformed(String message, String parent, long offsetBytes) {
    return new ContentFailure(
        FailureCode.MPE_INPUT_NOT_SUPPORTED,
        message,
        "%s, byte %d [%s]".formatted(parent.isEmpty() ? "top level" : parent, offsetBytes, CLAUSE));
  }
}
