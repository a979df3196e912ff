package dev.sluice.origin.cli;

import dev.sluice.origin.media.KeyId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The fields of the data of a Widevine {@code pssh} box, a protocol buffer, on a line each. */
final class WidevineFields {
  private static final int KEY_ID = 2;
  private static final int CONTENT_ID = 4;
  private static final int PROTECTION_SCHEME = 9;
  private static final Map<Integer, String> NAMES =
      Map.of(
          1,
          "algorithm",
          KEY_ID,
          "key_id",
          3,
          "provider",
          CONTENT_ID,
          "content_id",
          5,
          "track_type",
          6,
          "policy",
          7,
          "crypto_period_index",
          8,
          "grouped_license",
          PROTECTION_SCHEME,
          "protection_scheme");

  private WidevineFields() {}

  /** The lines. What cannot be read ends them, with a line that says so. */
  static List<String> of(ByteBuffer data) {
    var lines = new ArrayList<String>();
    try {
      while (data.hasRemaining()) {
        lines.add(field(data));
      }
    } catch (BufferUnderflowException | ArithmeticException | IllegalArgumentException _) {
      lines.add("(not readable: no protocol buffer from byte %d on)".formatted(data.position()));
    }
    return lines;
  }

  private static String field(ByteBuffer data) {
    long tag = varint(data);
    int field = Math.toIntExact(tag >>> 3);
    String value =
        switch ((int) (tag & 7)) {
          case 0 -> number(field, varint(data));
          case 1 -> HexFormat.of().formatHex(bytes(data, Long.BYTES));
          case 2 -> bytes(field, bytes(data, varint(data)));
          case 5 -> HexFormat.of().formatHex(bytes(data, Integer.BYTES));
          default -> throw new IllegalArgumentException("wire type");
        };
    return "%s (%d): %s".formatted(NAMES.getOrDefault(field, "field"), field, value);
  }

  private static String number(int field, long value) {
    if (field == PROTECTION_SCHEME) {
      var fourCc = ByteBuffer.allocate(Integer.BYTES).putInt(0, (int) value).array();
      return ShownText.of(new String(fourCc, StandardCharsets.ISO_8859_1));
    }
    return Long.toUnsignedString(value);
  }

  private static String bytes(int field, byte[] value) {
    return switch (field) {
      case KEY_ID ->
          value.length == KeyId.BYTES
              ? KeyId.ofBytes(value).toString()
              : HexFormat.of().formatHex(value);
      case CONTENT_ID ->
          "%s \"%s\""
              .formatted(
                  HexFormat.of().formatHex(value),
                  ShownText.of(new String(value, StandardCharsets.UTF_8)));
      default -> "\"%s\"".formatted(ShownText.of(new String(value, StandardCharsets.UTF_8)));
    };
  }

  private static byte[] bytes(ByteBuffer data, long length) {
    if (length < 0 || length > data.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] value = new byte[(int) length];
    data.get(value);
    return value;
  }

  private static long varint(ByteBuffer data) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = data.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("varint");
  }
}
