package dev.sluice.origin.http;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** The gzip coding, the same bytes for the same input. Spec: RFC 1952. */
final class Gzip {
  /** No time, no name, unknown system. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 255};

  private static final int LEVEL = 6;

  private Gzip() {}

  static byte[] compress(byte[] plain) {
    var out = new ByteArrayOutputStream(plain.length / 4 + HEADER.length);
    out.writeBytes(HEADER);
    var deflater = new Deflater(LEVEL, /* nowrap= */ true);
    try {
      deflater.setInput(plain);
      deflater.finish();
      byte[] piece = new byte[8192];
      while (!deflater.finished()) {
        out.write(piece, 0, deflater.deflate(piece));
      }
    } finally {
      deflater.end();
    }
    var crc = new CRC32();
    crc.update(plain);
    writeLittleEndian(out, (int) crc.getValue());
    writeLittleEndian(out, plain.length);
    return out.toByteArray();
  }

  /** Whether an {@code Accept-Encoding} field asks for gzip. Spec: RFC 9110 12.5.3. */
  static boolean isAccepted(String acceptEncoding) {
    boolean any = false;
    for (String item : acceptEncoding.split(",", 64)) {
      String[] parts = item.split(";", 2);
      String coding = parts[0].strip().toLowerCase(Locale.ROOT);
      boolean refused =
          parts.length == 2 && parts[1].strip().matches("(?i)q[ \t]*=[ \t]*0(\\.0{0,3})?");
      if (coding.equals("gzip") || coding.equals("x-gzip")) {
        return !refused;
      }
      any |= coding.equals("*") && !refused;
    }
    return any;
  }

  private static void writeLittleEndian(ByteArrayOutputStream out, int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(value >>> shift);
    }
  }
}
