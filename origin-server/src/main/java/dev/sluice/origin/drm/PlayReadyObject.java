package dev.sluice.origin.drm;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.mp4.PsshBox;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A PlayReady object (PRO) with a header as its only record. All numbers are little-endian.
 *
 * <pre>
 *   length (32), of the object with this field
 *   record count (16) = 1
 *   record type (16) = 1, header | record length (16), bytes
 *   WRMHEADER, UTF-16LE without byte order mark
 * </pre>
 *
 * <p>{@code mspr:pro}, the {@code pssh} box and Smooth's ProtectionHeader all hold these bytes.
 *
 * <p>Spec: PlayReady Header Specification 2.
 */
public record PlayReadyObject(Bytes bytes) {
  private static final int MAX_BYTES = 15 * 1024;
  private static final int FIXED_BYTES = 10;
  private static final short RECORD_TYPE_HEADER = 1;

  /** The object that holds {@code header}. */
  public static PlayReadyObject of(PlayReadyHeader header) {
    byte[] text = header.toXml().getBytes(StandardCharsets.UTF_16LE);
    int lengthBytes = FIXED_BYTES + text.length;
    if (lengthBytes > MAX_BYTES) {
      throw new ServerFailure(
          FailureCode.INTERNAL_ERROR,
          "PlayReady object: %d bytes (expected: <= %d)".formatted(lengthBytes, MAX_BYTES));
    }
    var out = ByteBuffer.allocate(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(lengthBytes).putShort((short) 1);
    out.putShort(RECORD_TYPE_HEADER).putShort((short) text.length).put(text);
    return new PlayReadyObject(Bytes.copyOf(out.array()));
  }

  /**
   * A record of an object.
   *
   * @param type 1 for a header, 3 for a store of licences
   */
  public record Entry(int type, Bytes value) {
    /** The type of a header. */
    public static final int HEADER = 1;

    /** The text of a header. */
    public String text() {
      return new String(value.toArray(), StandardCharsets.UTF_16LE);
    }
  }

  /**
   * Reads an object of any records.
   *
   * @throws ContentFailure if its lengths do not add up
   */
  public static List<Entry> read(Bytes object) {
    var in = object.asBuffer().order(ByteOrder.LITTLE_ENDIAN);
    try {
      long length = Integer.toUnsignedLong(in.getInt());
      if (length != object.size()) {
        throw malformed("length: %d (expected: %d)".formatted(length, object.size()));
      }
      int count = Short.toUnsignedInt(in.getShort());
      var records = new ArrayList<Entry>();
      for (int i = 0; i < count; i++) {
        records.add(readEntry(in));
      }
      if (count == 0 || in.hasRemaining()) {
        throw malformed(
            "record count: %d (expected: at least 1, and as many as there are)".formatted(count));
      }
      return List.copyOf(records);
    } catch (BufferUnderflowException _) {
      throw malformed("length: %d (expected: more, it is cut short)".formatted(object.size()));
    }
  }

  private static Entry readEntry(ByteBuffer in) {
    int type = Short.toUnsignedInt(in.getShort());
    int length = Short.toUnsignedInt(in.getShort());
    if (length > in.remaining()) {
      throw malformed("record length: %d (expected: <= %d)".formatted(length, in.remaining()));
    }
    byte[] value = new byte[length];
    in.get(value);
    return new Entry(type, Bytes.copyOf(value));
  }

  private static ContentFailure malformed(String message) {
    return new ContentFailure(FailureCode.MPE_INPUT_NOT_SUPPORTED, message, "PlayReady object");
  }

  /** What is signalled: the object, and the box that holds it. */
  public ContentProtection.SystemSignal.PlayReady toSignal() {
    return new ContentProtection.SystemSignal.PlayReady(bytes, toPssh());
  }

  /** The whole {@code pssh} box (version 0) that holds the object. */
  public Bytes toPssh() {
    return PsshBox.of(SystemIds.PLAY_READY, bytes).toBytes();
  }
}
