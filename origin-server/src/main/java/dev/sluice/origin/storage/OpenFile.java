package dev.sluice.origin.storage;

import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.StoreFailure;
import dev.sluice.origin.media.MappedBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * One version of a file, open, and shared by all who read it. Looks at the file anew behind every
 * read, so that bytes of another version never get out. Where the system allows it, that is the
 * file that was opened: one that is replaced by renaming, or removed, is read on to its end.
 *
 * <p>The interruption of a thread in a read closes the channel for all; the next read opens it
 * again.
 */
final class OpenFile {

  /** How far apart the pages of a mapping are that are looked at before it is read. */
  private static final int MAPPED_PROBE_BYTES = 64 * 1024;

  /** What is shorter is read: looking at pages first would take as long. */
  private static final int COPIED_BYTES = 16 * 1024;

  private final Path file;
  private final StoredObject object;
  private final Optional<Pinned> pinned;
  private final Optional<FileMapping> mapping;
  private volatile FileChannel channel;
  private volatile boolean seenChanged;
  private int users = 1;

  /** The file's own number, and what it was when it was opened. */
  private record Pinned(NativeFile file, NativeFile.Version version) {}

  private OpenFile(
      Path file,
      StoredObject object,
      FileChannel channel,
      Optional<Pinned> pinned,
      Optional<FileMapping> mapping) {
    this.mapping = mapping;
    this.file = file;
    this.object = object;
    this.channel = channel;
    this.pinned = pinned;
  }

  /**
   * Opens a file for one user.
   *
   * @param copies what copies out of mappings, if they are wanted
   * @throws StoreFailure if it is not this version
   */
  static OpenFile open(Path file, StoredObject object, Optional<MappedCopy> copies)
      throws IOException {
    Optional<Pinned> pinned = pin(file, object);
    FileChannel channel;
    try {
      channel = channel(file, pinned);
    } catch (NoSuchFileException e) {
      pinned.ifPresent(p -> p.file().close());
      throw changed();
    } catch (IOException e) {
      pinned.ifPresent(p -> p.file().close());
      throw e;
    }
    Optional<FileMapping> mapping =
        copies
            .filter(_ -> object.sizeBytes() > 0)
            .flatMap(c -> pinned.flatMap(p -> FileMapping.of(p.file(), object.sizeBytes(), c)));
    var opened = new OpenFile(file, object, channel, pinned, mapping);
    try {
      opened.requireAtPath();
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.release();
      throw e;
    }
  }

  private static Optional<Pinned> pin(Path file, StoredObject object) {
    Optional<NativeFile> opened = NativeFile.open(file);
    Optional<Pinned> pinned =
        opened.flatMap(f ->
            f.version()
                .filter(v -> isVersion(v, object) && f.hasChannel())
                .map(v -> new Pinned(f, v)));
    if (pinned.isEmpty()) {
      opened.ifPresent(NativeFile::close);
    }
    return pinned;
  }

  /** A channel of the file that is pinned, if one is: another may be at its path by now. */
  private static FileChannel channel(Path file, Optional<Pinned> pinned) throws IOException {
    return pinned.isPresent()
        ? pinned.get().file().channel()
        : FileChannel.open(file, StandardOpenOption.READ);
  }

  private static boolean isVersion(NativeFile.Version version, StoredObject object) {
    return FileObjectStore.revision(version.sizeBytes(), version.mtimeMillis())
        .equals(object.revision());
  }

  StoredObject object() {
    return object;
  }

  /** Whether it is the open file that is looked at for changes, and not its path. */
  boolean isPinned() {
    return pinned.isPresent();
  }

  /**
   * Whether it was seen to have changed. It is of no use any more, though its path may lead to a
   * file of the same size and time again, as when a copy was put back.
   */
  boolean seenChanged() {
    return seenChanged;
  }

  /** The channel, for a socket to read from. */
  FileChannel channel() {
    return channel;
  }

  /** One more user, unless the last one has gone. */
  synchronized boolean retain() {
    if (users == 0) {
      return false;
    }
    users++;
    return true;
  }

  /** One user less. The last one closes the file. */
  void release() {
    synchronized (this) {
      users--;
      if (users > 0) {
        return;
      }
      try {
        channel.close();
      } catch (IOException e) {
        throw FileObjectStore.failed(e);
      } finally {
        pinned.ifPresent(p -> p.file().close());
        mapping.ifPresent(FileMapping::close);
      }
    }
  }

  /** Fills {@code out} from the file; waits for the disk. */
  void read(long offsetBytes, ByteBuffer out) {
    int position = out.position();
    int length = out.remaining();
    try {
      try {
        fill(channel, offsetBytes, out);
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (ClosedChannelException e) {
        out.position(position);
        fill(reopened(), offsetBytes, out);
      }
      mapping.ifPresent(m -> m.noteRead(offsetBytes, length));
      requireUnchanged();
    } catch (IOException e) {
      throw FileObjectStore.failed(e);
    }
  }

  /** The same where the bytes are in memory; false if they are not. */
  boolean readNow(long offsetBytes, ByteBuffer out) {
    int length = out.remaining();
    if (!copyNow(offsetBytes, out)) {
      if (pinned.isEmpty() || !pinned.get().file().readNow(offsetBytes, out)) {
        return false;
      }
      mapping.ifPresent(m -> m.noteRead(offsetBytes, length));
    }
    requireUnchanged();
    return true;
  }

  /** Whether these bytes seem to be in memory. One is looked at each so many. */
  boolean isAtHand(long offsetBytes, int lengthBytes, int stepBytes) {
    return pinned.isPresent() && pinned.get().file().isAtHand(offsetBytes, lengthBytes, stepBytes);
  }

  /** Bytes of the mapping, if they have been read before and seem to be in memory. */
  Optional<MappedBytes> mapped(long offsetBytes, int lengthBytes) {
    return isWorthMapping(offsetBytes, lengthBytes)
        ? Optional.of(new Part(this, mapping.orElseThrow().part(offsetBytes, lengthBytes)))
        : Optional.empty();
  }

  private record Part(OpenFile file, ByteBuffer bytes) implements MappedBytes {
    @Override
    public void requireUnchanged() {
      file.requireUnchanged();
    }
  }

  /** Copies out of the mapping what is worth it: half the time of a read. */
  private boolean copyNow(long offsetBytes, ByteBuffer out) {
    int length = out.remaining();
    return length >= COPIED_BYTES
        && isWorthMapping(offsetBytes, length)
        && mapping.orElseThrow().copy(offsetBytes, out);
  }

  private boolean isWorthMapping(long offsetBytes, int lengthBytes) {
    return mapping.isPresent()
        && mapping.get().hasBeenRead(offsetBytes, lengthBytes)
        && isAtHand(offsetBytes, lengthBytes, MAPPED_PROBE_BYTES);
  }

  /**
   * Looks whether the file is what was opened.
   *
   * @throws StoreFailure if it has changed
   */
  void requireUnchanged() {
    if (pinned.isPresent()) {
      if (!pinned.get().file().is(pinned.get().version())) {
        seenChanged = true;
        throw changed();
      }
      return;
    }
    try {
      requireAtPath();
    } catch (IOException e) {
      throw FileObjectStore.failed(e);
    }
  }

  /**
   * Looks whether the path still leads to this version.
   *
   * @throws StoreFailure if it does not
   */
  void requireAtPath() throws IOException {
    var now = FileObjectStore.version(object.path(), file);
    if (now.isEmpty() || !now.get().equals(object)) {
      throw changed();
    }
  }

  /** Tells nothing of the object: clients see it. */
  static StoreFailure changed() {
    return new StoreFailure(
        FailureCode.MPE_STORAGE_PRECONDITION_FAILED,
        "the media changed while it was read (expected: the same until it is read anew)");
  }

  private void fill(FileChannel from, long offsetBytes, ByteBuffer out) throws IOException {
    long at = offsetBytes;
    while (out.hasRemaining()) {
      int read = from.read(out, at);
      if (read < 0) {
        seenChanged = true;
        throw changed();
      }
      at += read;
    }
  }

  private synchronized FileChannel reopened() throws IOException {
    if (users == 0) {
      throw new ClosedChannelException();
    }
    if (!channel.isOpen()) {
      var again = channel(file, pinned);
      try {
        requireUnchanged();
      } catch (RuntimeException e) {
        again.close();
        throw e;
      }
      channel = again;
    }
    return channel;
  }
}
