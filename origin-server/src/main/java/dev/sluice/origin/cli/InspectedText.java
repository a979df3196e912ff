package dev.sluice.origin.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A {@code pssh} box or a PlayReady object as manifests carry them: in base64, perhaps behind a
 * {@code data:} prefix.
 */
final class InspectedText {
  private static final String DATA_PREFIX = "base64,";
  private static final int MIN_OBJECT_BYTES = 10;

  private InspectedText() {}

  /** The bytes that a text stands for; empty if it is no base64 of such a box or object. */
  static Optional<ByteBuffer> decode(ByteBuffer file) {
    String text = StandardCharsets.ISO_8859_1.decode(file.duplicate()).toString();
    int prefix = text.startsWith("data:") ? text.indexOf(DATA_PREFIX) : -1;
    String digits =
        (prefix < 0 ? text : text.substring(prefix + DATA_PREFIX.length())).replaceAll("\\s", "");
    try {
      var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(digits));
      return Optional.of(bytes).filter(b -> isPlayReadyObject(b) || isPssh(b));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Whether the bytes begin with their own length, little-endian, and are no box. */
  static boolean isPlayReadyObject(ByteBuffer bytes) {
    return bytes.limit() >= MIN_OBJECT_BYTES
        && bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(0) == bytes.limit()
        && bytes.getInt(0) != bytes.limit();
  }

  private static boolean isPssh(ByteBuffer bytes) {
    return bytes.limit() >= 8 && bytes.getInt(4) == 0x70737368;
  }
}
