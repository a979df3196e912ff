package dev.sluice.origin.track;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.mp4.BoxHeader;
import dev.sluice.origin.mp4.BoxReader;
import dev.sluice.origin.storage.ObjectReader;
import java.nio.ByteBuffer;

/**
 * Reads boxes at the top level of an object. Keeps the last bytes read, so that a movie fragment
 * and the header of the media behind it mostly cost one read.
 */
final class BoxScanner {
  private static final int WINDOW_BYTES = 16 * 1024;

  private final ObjectReader object;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
  private long windowOffsetBytes;

  BoxScanner(ObjectReader object) {
    this.object = object;
  }

  long sizeBytes() {
    return object.object().sizeBytes();
  }

  /** The header of the box that begins here. */
  BoxHeader header(long offsetBytes) {
    int wanted = (int) Math.min(BoxHeader.LONG_BYTES, sizeBytes() - offsetBytes);
    return BoxHeader.read(bytes(offsetBytes, wanted), offsetBytes, sizeBytes(), "");
  }

  /** The payload of a box. The reader is good until the next call. */
  BoxReader read(BoxHeader box, int maxBytes) {
    if (box.sizeBytes() > maxBytes) {
      throw new ContentFailure(
          FailureCode.MPE_INPUT_NOT_SUPPORTED,
          "size: %d (expected: <= %d)".formatted(box.sizeBytes(), maxBytes),
          "%s, byte %d".formatted(box.type(), box.offsetBytes()));
    }
    return BoxReader.ofBox(bytes(box.offsetBytes(), (int) box.sizeBytes()), box.offsetBytes());
  }

  private ByteBuffer bytes(long offsetBytes, int count) {
    if (count > WINDOW_BYTES) {
      ByteBuffer out = ByteBuffer.allocate(count);
      object.readFully(offsetBytes, out);
      return out.flip();
    }
    if (offsetBytes < windowOffsetBytes
        || offsetBytes + count > windowOffsetBytes + window.limit()) {
      window.clear().limit((int) Math.min(WINDOW_BYTES, sizeBytes() - offsetBytes));
      object.readFully(offsetBytes, window);
      window.flip();
      windowOffsetBytes = offsetBytes;
    }
    return window.slice((int) (offsetBytes - windowOffsetBytes), count);
  }
}
