package dev.sluice.origin.e2e;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds boxes in bytes, apart from the server's own reader. */
final class BoxWalk {
  private BoxWalk() {}

  /** A box: where it begins, where its payload does, where it ends, and its type. */
  record Box(int start, int payload, int end, String type) {

    byte[] payloadOf(byte[] bytes) {
      return Arrays.copyOfRange(bytes, payload, end);
    }
  }

  /** The boxes that follow each other from one place to another. */
  static List<Box> between(byte[] bytes, int from, int to) {
    var in = ByteBuffer.wrap(bytes);
    var boxes = new ArrayList<Box>();
    for (int at = from; at < to; ) {
      int size = in.getInt(at);
      String type = new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
      int header = 8;
      if (size == 1) {
        size = Math.toIntExact(in.getLong(at + 8));
        header = 16;
      }
      if (size < header || at + size > to) {
        throw new AssertionError("%s at %d: size %d".formatted(type, at, size));
      }
      boxes.add(new Box(at, at + header, at + size, type));
      at += size;
    }
    return boxes;
  }

  /** All boxes at this path of types, in their order. */
  static List<Box> all(byte[] bytes, String... path) {
    List<Box> found = between(bytes, 0, bytes.length);
    for (int depth = 0; ; depth++) {
      String type = path[depth];
      found = found.stream().filter(b -> b.type().equals(type)).toList();
      if (depth == path.length - 1) {
        return found;
      }
      found = found.stream().flatMap(b -> between(bytes, b.payload(), b.end()).stream()).toList();
    }
  }
}
