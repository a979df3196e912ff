package dev.sluice.origin.delivery;

import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.track.Track;
import java.util.Optional;

/**
 * Opens the objects that samples lie in. One that is open is taken as it is: the title that names
 * it was compared with its folder a moment ago, and reads tell whether it has changed since.
 */
final class OpenObjects {
  private OpenObjects() {}

  /** A reader of a track's object. Ownership: the caller closes it. */
  static ObjectReader open(ObjectStore store, Track track) {
    return store.openNow(track.object()).orElseGet(() -> store.open(track.object()));
  }

  /** Whether {@link #open} needs no wait for storage. */
  static boolean isOpen(ObjectStore store, Track track) {
    Optional<ObjectReader> reader = store.openNow(track.object());
    reader.ifPresent(ObjectReader::close);
    return reader.isPresent();
  }
}
