package dev.sluice.origin.encrypt;

import java.nio.ByteBuffer;

/** A piece of an object that moves over it, so that many small looks cost few reads. */
final class SampleWindow {
  private final SampleBytes source;
  private final ByteBuffer buffer;
  private long beginBytes;
  private long endBytes;

  SampleWindow(SampleBytes source, int capacityBytes) {
    this.source = source;
    this.buffer = ByteBuffer.allocate(capacityBytes);
  }

  /** The longest look there can be. */
  int capacityBytes() {
    return buffer.capacity();
  }

  /**
   * A view of the object, valid until the next call.
   *
   * @param lengthBytes at most the capacity
   * @param limitBytes up to where in the object it may read ahead, at least the end of the view
   */
  ByteBuffer view(long offsetBytes, int lengthBytes, long limitBytes) {
    if (offsetBytes < beginBytes || offsetBytes + lengthBytes > endBytes) {
      int ahead = (int) Math.min(buffer.capacity(), limitBytes - offsetBytes);
      beginBytes = 0;
      endBytes = 0;
      source.read(offsetBytes, buffer.clear().limit(ahead));
      beginBytes = offsetBytes;
      endBytes = offsetBytes + ahead;
    }
    return buffer.slice((int) (offsetBytes - beginBytes), lengthBytes);
  }
}
