package dev.sluice.origin.cli;

import dev.sluice.origin.drm.PlayReadyObject;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.media.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/** The records of a PlayReady object, on a line each: of a header its text and its key ids. */
final class PlayReadyFields {
  private static final int GUID_BYTES = 16;

  /** A key id as an element (4.0), and as an attribute (since 4.1). */
  private static final Pattern KEY_ID =
      Pattern.compile(
          "<KID>\\s*([A-Za-z0-9+/=]+)\\s*</KID>|<KID\\s[^>]*VALUE=\"([A-Za-z0-9+/=]+)\"");

  private PlayReadyFields() {}

  /** The lines, or one that says why there are none. */
  static List<String> of(Bytes object) {
    try {
      var lines = new ArrayList<String>();
      var records = PlayReadyObject.read(object);
      lines.add("PlayReady object: %d bytes, records: %d".formatted(object.size(), records.size()));
      for (PlayReadyObject.Entry record : records) {
        lines.add(
            "record type %d (%s): %d bytes"
                .formatted(record.type(), name(record.type()), record.value().size()));
        if (record.type() == PlayReadyObject.Entry.HEADER) {
          lines.add(ShownText.of(record.text()));
          lines.addAll(keyIds(record.text()));
        }
      }
      return lines;
    } catch (ContentFailure e) {
      return List.of("(not readable: %s)".formatted(e.detail()));
    }
  }

  private static String name(int type) {
    return switch (type) {
      case PlayReadyObject.Entry.HEADER -> "header";
      case 3 -> "license store";
      default -> "unknown";
    };
  }

  private static List<String> keyIds(String header) {
    var lines = new ArrayList<String>();
    var matcher = KEY_ID.matcher(header);
    while (matcher.find()) {
      String text = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
      lines.add("key id " + guid(text));
    }
    return lines;
  }

  private static String guid(String base64) {
    try {
      byte[] b = Base64.getDecoder().decode(base64);
      if (b.length != GUID_BYTES) {
        return "of %d bytes (expected: 16)".formatted(b.length);
      }
      var swapped =
          new byte[] {
            b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6],
            b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]
          };
      var in = ByteBuffer.wrap(swapped);
      return new UUID(in.getLong(), in.getLong()).toString();
    } catch (IllegalArgumentException _) {
      return "that is no base64";
    }
  }
}
