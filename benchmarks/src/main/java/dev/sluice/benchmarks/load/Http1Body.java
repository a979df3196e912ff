package dev.sluice.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;

/** The body of an answer, up to its end (RFC 9112 6.3). Leaves the connection open. */
final class Http1Body extends InputStream {
  private static final int MAX_CHUNK_LINE_CHARS = 4096;
  private static final int MAX_TRAILER_LINES = 64;

  private enum Framing {
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  private final InputStream in;
  private final Framing framing;

  /** Of the body, or of the chunk; not used until close. */
  private long leftBytes;

  private boolean atEnd;
  private boolean firstChunk = true;

  private Http1Body(InputStream in, Framing framing, long leftBytes) {
    this.in = in;
    this.framing = framing;
    this.leftBytes = leftBytes;
    this.atEnd = framing == Framing.LENGTH && leftBytes == 0;
  }

  static Http1Body of(InputStream in, int status, Map<String, String> fields) throws IOException {
    if (status == 204 || status == 304) {
      return new Http1Body(in, Framing.LENGTH, 0);
    }
    String coding = fields.get("transfer-encoding");
    if (coding != null) {
      if (!coding.toLowerCase(Locale.ROOT).equals("chunked")) {
        throw new IOException("transfer-encoding: unknown (expected: chunked)");
      }
      return new Http1Body(in, Framing.CHUNKED, 0);
    }
    String length = fields.get("content-length");
    if (length == null) {
      return new Http1Body(in, Framing.UNTIL_CLOSE, 0);
    }
    if (!length.matches("[0-9]{1,18}")) {
      throw new IOException("content-length: not one (expected: a number)");
    }
    return new Http1Body(in, Framing.LENGTH, Long.parseLong(length));
  }

  /** Whether all of it was read. */
  boolean isAtEnd() {
    return atEnd;
  }

  /** Whether it ends before the connection does. */
  boolean isDelimited() {
    return framing != Framing.UNTIL_CLOSE;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!atEnd && framing == Framing.CHUNKED && leftBytes == 0) {
      readChunkHead();
    }
    if (atEnd) {
      return -1;
    }
    int wanted = framing == Framing.UNTIL_CLOSE ? length : (int) Math.min(length, leftBytes);
    int count = in.read(target, offset, wanted);
    if (count < 0) {
      if (framing != Framing.UNTIL_CLOSE) {
        throw new EOFException("closed %d bytes before the end".formatted(leftBytes));
      }
      atEnd = true;
      return -1;
    }
    leftBytes -= count;
    atEnd = framing == Framing.LENGTH && leftBytes == 0;
    return count;
  }

  private void readChunkHead() throws IOException {
    if (!firstChunk && !readLine().isEmpty()) {
      throw new IOException("chunk: longer than stated");
    }
    firstChunk = false;
    String size = readLine().replaceAll(";.*", "").strip();
    if (!size.matches("\\p{XDigit}{1,15}")) {
      throw new IOException("chunk size: not one (expected: a hexadecimal number)");
    }
    leftBytes = Long.parseLong(size, 16);
    if (leftBytes == 0) {
      for (int i = 0; !readLine().isEmpty(); i++) {
        if (i >= MAX_TRAILER_LINES) {
          throw new IOException("trailer: more than %d lines".formatted(MAX_TRAILER_LINES));
        }
      }
      atEnd = true;
    }
  }

  private String readLine() throws IOException {
    var line = new StringBuilder(16);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.length() >= MAX_CHUNK_LINE_CHARS) {
        throw new IOException("chunk: its head is cut short or too long");
      }
      line.append((char) b);
    }
    return line.toString().replace("\r", "");
  }
}
