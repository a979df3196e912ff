package dev.sluice.origin.track;

import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.StoreFailure;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.storage.StoredObject;
import java.nio.ByteBuffer;

/** An object that lies in memory. */
record MemoryObject(ByteBuffer bytes) implements ObjectReader {

  static MemoryObject of(byte[] bytes, int length) {
    return new MemoryObject(ByteBuffer.wrap(bytes, 0, length).slice());
  }

  @Override
  public StoredObject object() {
    return new StoredObject("memory", bytes.limit(), "1");
  }

  @Override
  public void readFully(long offsetBytes, ByteBuffer out) {
    if (offsetBytes < 0 || out.remaining() > bytes.limit() - offsetBytes) {
      throw new StoreFailure(FailureCode.MPE_STORAGE_INTERNAL_ERROR, "past the end");
    }
    out.put(bytes.slice((int) offsetBytes, out.remaining()));
  }

  @Override
  public void close() {}
}
