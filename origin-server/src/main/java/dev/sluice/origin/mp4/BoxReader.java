package dev.sluice.origin.mp4;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A cursor over the payload of one box, which it never leaves, and which knows the box's path and
 * its place in the file.
 *
 * <p>Not for use by several threads. The buffer is borrowed and its position is not moved.
 */
public final class BoxReader {

  /** How deep boxes may nest: twice what any box here needs. */
  public static final int MAX_DEPTH = 16;

  /** How many child boxes one box may have. */
  public static final int MAX_CHILDREN = 4096;

  private final ByteBuffer buffer;
  private final long bufferOffsetBytes;
  private final String path;
  private final String type;
  private final int depth;
  private final int start;
  private final int end;
  private int at;
  private int children;
  private int trackBoxes;

  private BoxReader(
      ByteBuffer buffer,
      long bufferOffsetBytes,
      String path,
      String type,
      int depth,
      int start,
      int payload,
      int end) {
    this.buffer = buffer;
    this.bufferOffsetBytes = bufferOffsetBytes;
    this.path = path;
    this.type = type;
    this.depth = depth;
    this.start = start;
    this.at = payload;
    this.end = end;
  }

  /**
   * The reader of a whole box that lies between the buffer's position and limit.
   *
   * @param offsetBytes of the box in the file
   */
  public static BoxReader ofBox(ByteBuffer box, long offsetBytes) {
    ByteBuffer buffer = box.slice();
    BoxReader top = new BoxReader(buffer, offsetBytes, "", "", 0, 0, 0, buffer.limit());
    return top.nextChild().orElseThrow(() -> top.malformed("box: no bytes (expected: a box)", ""));
  }

  /** The four characters of the box's type. */
  public String type() {
    return type;
  }

  /** How many bytes of the payload are left. */
  public int remaining() {
    return end - at;
  }

  /** The place in the file of the next byte. */
  public long offsetBytes() {
    return bufferOffsetBytes + at;
  }

  /** The whole box, header included, whatever has been read of it. */
  public Bytes wholeBox() {
    return copy(start, end - start);
  }

  /** The length of the whole box, header included. */
  public int sizeBytes() {
    return end - start;
  }

  /** How many bytes of the box, header included, have been read. */
  public int readBytes() {
    return at - start;
  }

  /** The next child box; empty at the end of the payload. */
  public Optional<BoxReader> nextChild() {
    if (at == end) {
      return Optional.empty();
    }
    if (depth == MAX_DEPTH) {
      throw malformed("depth: %d (expected: <= %d)".formatted(depth + 1, MAX_DEPTH), "");
    }
    if (++children > MAX_CHILDREN) {
      throw malformed("child boxes: more than %d (expected: fewer)".formatted(MAX_CHILDREN), "");
    }
    ByteBuffer header = buffer.slice(at, Math.min(end - at, BoxHeader.LONG_BYTES));
    BoxHeader box = BoxHeader.read(header, offsetBytes(), bufferOffsetBytes + end, path);
    int childStart = at;
    at += Math.toIntExact(box.sizeBytes());
    String name = box.type();
    if (name.equals("trak") || name.equals("traf")) {
      name += "[" + trackBoxes++ + "]";
    }
    String childPath = path.isEmpty() ? name : path + "/" + name;
    return Optional.of(
        new BoxReader(
            buffer,
            bufferOffsetBytes,
            childPath,
            box.type(),
            depth + 1,
            childStart,
            childStart + box.headerBytes(),
            at));
  }

  /** An unsigned byte. */
  public int uint8(String field) {
    return buffer.get(take(1, field)) & 0xFF;
  }

  /** Two bytes, unsigned. */
  public int uint16(String field) {
    return buffer.getShort(take(2, field)) & 0xFFFF;
  }

  /** Three bytes, unsigned. */
  public int uint24(String field) {
    int from = take(3, field);
    return (buffer.get(from) & 0xFF) << 16 | (buffer.getShort(from + 1) & 0xFFFF);
  }

  /** Four bytes, unsigned. */
  public long uint32(String field) {
    return Integer.toUnsignedLong(int32(field));
  }

  /** Four bytes, signed. */
  public int int32(String field) {
    return buffer.getInt(take(4, field));
  }

  /** Eight bytes, unsigned, of which only values below 2^63 are taken. */
  public long uint64(String field) {
    long value = buffer.getLong(take(8, field));
    if (value < 0) {
      throw malformed(
          "%s: %s (expected: < 2^63)".formatted(field, Long.toUnsignedString(value)), "");
    }
    return value;
  }

  /** Eight bytes, signed. */
  public long int64(String field) {
    return buffer.getLong(take(8, field));
  }

  /** Passes over bytes. */
  public void skip(int count, String field) {
    take(count, field);
  }

  /** A copy of the next bytes. */
  public Bytes bytes(int count, String field) {
    return copy(take(count, field), count);
  }

  /** A read-only view of the next bytes. */
  public ByteBuffer view(int count, String field) {
    return buffer.slice(take(count, field), count).asReadOnlyBuffer();
  }

  /** A failure that names this place: malformed content. */
  public ContentFailure malformed(String message, String clause) {
    return refused(FailureCode.MPE_INPUT_NOT_SUPPORTED, message, clause);
  }

  /** A failure that names this place. */
  public ContentFailure refused(FailureCode code, String message, String clause) {
    String place = "%s, byte %d".formatted(path.isEmpty() ? "top level" : path, offsetBytes());
    return new ContentFailure(
        code, message, clause.isEmpty() ? place : place + " [" + clause + "]");
  }

  private int take(int count, String field) {
    if (count < 0 || count > end - at) {
      throw malformed(
          "%s: %d bytes left (expected: %d)".formatted(field, end - at, count), "ISOBMFF 4.2");
    }
    int from = at;
    at += count;
    return from;
  }

  private Bytes copy(int from, int count) {
    byte[] copy = new byte[count];
    buffer.get(from, copy);
    return Bytes.copyOf(copy);
  }
}
