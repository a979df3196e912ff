package dev.sluice.benchmarks.media;

import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.StoreFailure;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.storage.StoredObject;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Objects in memory, so that nothing is measured but what is done with their bytes. */
public final class MemoryStore implements ObjectStore {
  private final TreeMap<String, byte[]> objects;

  /**
   * A store of these.
   *
   * @param objects their bytes by their paths; borrowed for good
   */
  public MemoryStore(Map<String, byte[]> objects) {
    this.objects = new TreeMap<>(objects);
  }

  @Override
  public Optional<StoredObject> find(String path) {
    return Optional.ofNullable(objects.get(path))
        .map(bytes -> new StoredObject(path, bytes.length, "1"));
  }

  @Override
  public List<StoredObject> list(String folder, int maxObjects) {
    return objects.keySet().stream()
        .filter(path -> path.startsWith(folder + "/"))
        .map(path -> find(path).orElseThrow())
        .toList();
  }

  @Override
  public ObjectReader open(StoredObject object) {
    byte[] bytes =
        Optional.ofNullable(objects.get(object.path())).orElseThrow(MemoryStore::notThere);
    return new Reader(object, ByteBuffer.wrap(bytes));
  }

  private static StoreFailure notThere() {
    return new StoreFailure(FailureCode.MPE_STORAGE_INTERNAL_ERROR, "no such object in memory");
  }

  /** Reads from memory; can be used on when it has been closed. */
  private record Reader(StoredObject object, ByteBuffer bytes) implements ObjectReader {
    @Override
    public void readFully(long offsetBytes, ByteBuffer out) {
      if (offsetBytes < 0 || out.remaining() > bytes.limit() - offsetBytes) {
        throw notThere();
      }
      int length = out.remaining();
      out.put(out.position(), bytes, (int) offsetBytes, length).position(out.limit());
    }

    @Override
    public void close() {}
  }
}
