package dev.sluice.origin.drm;

import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.mp4.PsshBox;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

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

  /** The whole {@code pssh} box (version 0) that holds the object. */
  public Bytes toPssh() {
    return PsshBox.of(SystemIds.PLAY_READY, bytes).toBytes();
  }
}
