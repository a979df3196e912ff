package dev.sluice.origin.media;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** The gzip coding, the same bytes for the same input. Spec: RFC 1952. */
public final class Gzip {
  /** Beyond it an answer goes out as it is: gzip holds it in memory. */
  public static final long MAX_BYTES = 8 << 20;

  /** No time, no name, unknown system. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 255};

  private static final int LEVEL = 6;

  private Gzip() {}

  /** The coding of these bytes, which are borrowed. */
  public static Bytes compress(Bytes plain) {
    var out = new ByteArrayOutputStream(plain.size() / 4 + HEADER.length);
    out.writeBytes(HEADER);
    var deflater = new Deflater(LEVEL, /* nowrap= */ true);
    try {
      deflater.setInput(plain.asBuffer());
      deflater.finish();
      byte[] piece = new byte[8192];
      while (!deflater.finished()) {
        out.write(piece, 0, deflater.deflate(piece));
      }
    } finally {
      deflater.end();
    }
    var crc = new CRC32();
    crc.update(plain.asBuffer());
    writeLittleEndian(out, (int) crc.getValue());
    writeLittleEndian(out, plain.size());
    return Bytes.taking(out.toByteArray());
  }

  private static void writeLittleEndian(ByteArrayOutputStream out, int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(value >>> shift);
    }
  }
}
