package dev.sluice.origin.segment;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;

/** Boxes as text, a line for each: indent, type, size, payload in hex. */
final class BoxDump {
  private static final Set<String> CONTAINERS =
      Set.of(
          "moov", "trak", "mdia", "minf", "dinf", "stbl", "mvex", "moof", "traf", "sinf", "schi");

  private BoxDump() {}

  static String of(byte[] bytes) {
    var out = new StringBuilder();
    dump(ByteBuffer.wrap(bytes), 0, bytes.length, 0, out);
    return out.toString();
  }

  private static void dump(ByteBuffer in, int from, int to, int depth, StringBuilder out) {
    int at = from;
    while (at < to) {
      long size = Integer.toUnsignedLong(in.getInt(at));
      byte[] name = new byte[4];
      in.get(at + 4, name);
      String type = new String(name, StandardCharsets.ISO_8859_1);
      int header = size == 1 ? 16 : 8;
      size = size == 1 ? in.getLong(at + 8) : size;
      out.repeat("  ", depth).append(type).append(' ').append(size);
      if (CONTAINERS.contains(type) || type.equals("stsd") || type.startsWith("enc")) {
        out.append('\n');
        int fixed = type.equals("stsd") ? 8 : type.equals("enca") ? 28 : 0;
        dump(in, at + header + fixed, (int) (at + size), depth + 1, out);
      } else if (type.equals("mdat")) {
        // Its samples are not there.
        out.append('\n');
        return;
      } else {
        byte[] payload = new byte[(int) size - header];
        in.get(at + header, payload);
        out.append(' ').append(HexFormat.of().formatHex(payload)).append('\n');
      }
      at += (int) size;
    }
  }
}
