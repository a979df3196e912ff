package dev.sluice.origin.storage;

import java.util.List;
import java.util.Optional;

/** Where media lies. All calls may block but {@link #openNow}. */
public interface ObjectStore {

  /** The current version of an object; empty if there is none. */
  Optional<StoredObject> find(String path);

  /**
   * The objects directly in a folder, by name in code point order; empty where there is no such
   * folder. At most {@code maxObjects}; a folder that holds more is refused.
   */
  List<StoredObject> list(String folder, int maxObjects);

  /** Opens this version for reading. */
  ObjectReader open(StoredObject object);

  /**
   * The same where this version has been opened of late and nothing must be waited for. It is not
   * looked whether the object has been replaced since; a change of it shows at a read.
   */
  default Optional<ObjectReader> openNow(StoredObject object) {
    return Optional.empty();
  }
}
