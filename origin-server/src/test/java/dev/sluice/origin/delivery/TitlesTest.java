package dev.sluice.origin.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.storage.StoredObject;
import dev.sluice.origin.track.TitleReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TitlesTest {
  private static final Document.Asset ASSET =
      new Document.Asset("a", "a", Optional.empty(), List.of(), List.of(), List.of(), List.of());

  @TempDir private Path root;
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger opened = new AtomicInteger();

  @Test
  void doesNotReadMediaThatCannotBeServedAgainForEachRequest() throws IOException {
    Files.writeString(Files.createDirectory(root.resolve("a")).resolve("bad.mp4"), "not a movie");
    Titles titles = titles();

    refuses(titles);
    refuses(titles);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    refuses(titles);
    assertThat(opened).hasValue(1);

    Files.writeString(root.resolve("a").resolve("bad.mp4"), "not a movie, in other words");
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    refuses(titles);
    assertThat(opened).hasValue(2);
  }

  @Test
  void looksForMediaThatIsNotThereYetAtEachRequest() throws IOException {
    Titles titles = titles();
    assertThatExceptionOfType(CallerFailure.class).isThrownBy(() -> titles.require(ASSET));
    Files.writeString(Files.createDirectory(root.resolve("a")).resolve("bad.mp4"), "not a movie");
    refuses(titles);
  }

  private static void refuses(Titles titles) {
    assertThatExceptionOfType(ContentFailure.class).isThrownBy(() -> titles.require(ASSET));
  }

  private Titles titles() {
    ObjectStore store = new Counting(new FileObjectStore(root));
    return new Titles(store, new TitleReader(store, 16), nanos::get, 1_000);
  }

  /** Counts the objects that are opened. */
  private final class Counting implements ObjectStore {
    private final ObjectStore store;

    Counting(ObjectStore store) {
      this.store = store;
    }

    @Override
    public Optional<StoredObject> find(String path) {
      return store.find(path);
    }

    @Override
    public List<StoredObject> list(String folder, int maxObjects) {
      return store.list(folder, maxObjects);
    }

    @Override
    public ObjectReader open(StoredObject object) {
      opened.incrementAndGet();
      return store.open(object);
    }
  }
}
