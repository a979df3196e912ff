package dev.sluice.origin.e2e;

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

/** Objects in memory, which misbehave when they are told to. */
final class MemoryStore implements ObjectStore {
  private final Map<String, byte[]> objects = new TreeMap<>();
  private long readBudgetBytes = Long.MAX_VALUE;
  private long openReaders;

  /** Adds an object. */
  MemoryStore with(String path, byte[] bytes) {
    objects.put(path, bytes);
    return this;
  }

  /** Lets reads fail in their middle once this many bytes have been read. */
  void failAfter(long bytes) {
    readBudgetBytes = bytes;
  }

  /** Cuts an object short behind the back of those who know its size. */
  void shorten(String path, int lengthBytes) {
    objects.computeIfPresent(path, (_, bytes) -> java.util.Arrays.copyOf(bytes, lengthBytes));
  }

  /** How many readers are open. */
  long openReaders() {
    return openReaders;
  }

  @Override
  public Optional<StoredObject> find(String path) {
    return Optional.ofNullable(objects.get(path)).map(bytes -> version(path, bytes));
  }

  @Override
  public List<StoredObject> list(String folder, int maxObjects) {
    return objects.entrySet().stream()
        .filter(e -> e.getKey().startsWith(folder + "/"))
        .map(e -> version(e.getKey(), e.getValue()))
        .toList();
  }

  @Override
  public ObjectReader open(StoredObject object) {
    openReaders++;
    return new Reader(object);
  }

  private static StoredObject version(String path, byte[] bytes) {
    return new StoredObject(path, bytes.length, "1");
  }

  private final class Reader implements ObjectReader {
    private final StoredObject object;

    Reader(StoredObject object) {
      this.object = object;
    }

    @Override
    public StoredObject object() {
      return object;
    }

    @Override
    public void readFully(long offsetBytes, ByteBuffer out) {
      byte[] bytes = Optional.ofNullable(objects.get(object.path())).orElse(new byte[0]);
      int wanted = out.remaining();
      long there = Math.min(bytes.length - offsetBytes, readBudgetBytes);
      if (offsetBytes < 0 || wanted > there) {
        // What a failing disk does: some bytes are there already.
        if (offsetBytes >= 0 && there > 0) {
          out.put(bytes, (int) offsetBytes, (int) there);
        }
        throw new StoreFailure(FailureCode.MPE_STORAGE_INTERNAL_ERROR, "the read failed");
      }
      readBudgetBytes -= wanted;
      out.put(bytes, (int) offsetBytes, wanted);
    }

    @Override
    public void close() {
      openReaders--;
    }
  }
}
