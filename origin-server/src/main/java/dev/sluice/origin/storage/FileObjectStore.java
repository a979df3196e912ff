package dev.sluice.origin.storage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.StoreFailure;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Objects that are files below a folder. Nothing outside of it is found, whatever links lead there.
 * A file's revision is its size and the time of its last change. Files that were read of late stay
 * open.
 */
public final class FileObjectStore implements ObjectStore {

  /** How many files are kept open that nobody reads, and for how long. */
  private static final int OPEN_FILES = 512;

  private static final Duration OPEN_TIME = Duration.ofSeconds(30);

  private final Path root;
  private final Optional<MappedCopy> copies;
  private final Cache<StoredObject, OpenFile> open =
      Caffeine.newBuilder()
          .maximumSize(OPEN_FILES)
          .expireAfterAccess(OPEN_TIME)
          .scheduler(Scheduler.systemScheduler())
          .removalListener(FileObjectStore::release)
          .build();

  /** The files below this folder, not mapped. */
  public FileObjectStore(Path root) {
    this(root, Optional.empty());
  }

  /**
   * The files below this folder.
   *
   * @param copies what copies out of mappings; files are mapped then, where the system allows it
   */
  public FileObjectStore(Path root, Optional<MappedCopy> copies) {
    this.root = root;
    this.copies = copies;
  }

  @Override
  public Optional<StoredObject> find(String path) {
    try {
      Optional<Path> file = locate(path);
      return file.isPresent() ? version(path, file.get()) : Optional.empty();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public List<StoredObject> list(String folder, int maxObjects) {
    try {
      Optional<Path> located = locate(folder);
      if (located.isEmpty() || !Files.isDirectory(located.get())) {
        return List.of();
      }
      return list(folder, located.get(), maxObjects);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public ObjectReader open(StoredObject object) {
    try {
      return new FileObjectReader(acquire(object));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static void release(
      @Nullable StoredObject object, @Nullable OpenFile file, RemovalCause cause) {
    if (file != null) {
      file.release();
    }
  }

  /** The file of this version, with one use more. */
  private OpenFile acquire(StoredObject object) throws IOException {
    OpenFile kept = open.getIfPresent(object);
    if (kept != null && !kept.seenChanged() && kept.retain()) {
      try {
        kept.requireAtPath();
        return kept;
      } catch (IOException | RuntimeException e) {
        open.invalidate(object);
        kept.release();
        throw e;
      }
    }
    var opened =
        OpenFile.open(locate(object.path()).orElseThrow(OpenFile::changed), object, copies);
    // One use is the caller's, the other the cache's.
    opened.retain();
    open.put(object, opened);
    return opened;
  }

  @Override
  public Optional<ObjectReader> openNow(StoredObject object) {
    OpenFile kept = open.getIfPresent(object);
    return kept != null && kept.isPinned() && !kept.seenChanged() && kept.retain()
        ? Optional.of(new FileObjectReader(kept))
        : Optional.empty();
  }

  private List<StoredObject> list(String folder, Path located, int maxObjects) throws IOException {
    // Names are compared by code point: String's own order differs beyond the first plane.
    var byName = new TreeMap<String, StoredObject>(FileObjectStore::compareCodePoints);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(located)) {
      for (Path file : files) {
        String path = folder + "/" + file.getFileName();
        Optional<StoredObject> object = find(path);
        if (object.isPresent()) {
          if (byName.size() == maxObjects) {
            throw new StoreFailure(
                FailureCode.MPE_STORAGE_INTERNAL_ERROR,
                "files in the folder: more than %d (expected: fewer)".formatted(maxObjects));
          }
          byName.put(path, object.get());
        }
      }
    } catch (DirectoryIteratorException e) {
      throw failed(e);
    }
    return new ArrayList<>(byName.values());
  }

  /** The real path below the root; empty where there is none. */
  private Optional<Path> locate(String path) throws IOException {
    if (!ObjectPath.isSafe(path)) {
      return Optional.empty();
    }
    try {
      Path realRoot = root.toRealPath();
      Path real = realRoot.resolve(path).toRealPath();
      return real.startsWith(realRoot) && !real.equals(realRoot)
          ? Optional.of(real)
          : Optional.empty();
    } catch (NoSuchFileException | NotDirectoryException | InvalidPathException e) {
      return Optional.empty();
    } catch (FileSystemException e) {
      // Too long a name, a loop of links, a file where a folder should be: all are no object.
      if (e.getClass() == FileSystemException.class || e instanceof FileSystemLoopException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  static Optional<StoredObject> version(String path, Path file) throws IOException {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.isRegularFile()
          ? Optional.of(
              new StoredObject(
                  path,
                  attributes.size(),
                  revision(attributes.size(), attributes.lastModifiedTime().toMillis())))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** The revision of a file of this size and time of its last change. */
  static String revision(long sizeBytes, long mtimeMillis) {
    return sizeBytes + "-" + mtimeMillis;
  }

  /** A failure that names no path: its message goes to the caller. */
  static StoreFailure failed(Exception e) {
    return new StoreFailure(
        FailureCode.MPE_STORAGE_INTERNAL_ERROR,
        "the media could not be read: " + e.getClass().getSimpleName());
  }

  private static int compareCodePoints(String a, String b) {
    int[] left = a.codePoints().toArray();
    int[] right = b.codePoints().toArray();
    return Arrays.compare(left, right);
  }
}
