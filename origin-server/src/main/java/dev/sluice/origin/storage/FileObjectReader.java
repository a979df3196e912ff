package dev.sluice.origin.storage;

import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads one version of a file. Looks at the file anew behind every read, so that bytes of another
 * version never get out.
 *
 * <p>The interruption of a thread in a read closes the channel for all; the next read opens it
 * again.
 */
final class FileObjectReader implements ObjectReader {
  private final Path file;
  private final StoredObject object;
  private volatile FileChannel channel;
  private volatile boolean closed;

  private FileObjectReader(Path file, StoredObject object, FileChannel channel) {
    this.file = file;
    this.object = object;
    this.channel = channel;
  }

  static FileObjectReader open(Path file, StoredObject object) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw changed();
    }
    var reader = new FileObjectReader(file, object, channel);
    try {
      reader.requireUnchanged();
      return reader;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public StoredObject object() {
    return object;
  }

  @Override
  public void readFully(long offsetBytes, ByteBuffer out) {
    if (offsetBytes < 0 || out.remaining() > object.sizeBytes() - offsetBytes) {
      throw new StoreFailure(
          FailureCode.MPE_STORAGE_INTERNAL_ERROR,
          "read: %d bytes from %d (expected: within %d bytes)"
              .formatted(out.remaining(), offsetBytes, object.sizeBytes()));
    }
    int position = out.position();
    try {
      try {
        fill(channel, offsetBytes, out);
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (ClosedChannelException e) {
        out.position(position);
        fill(reopened(), offsetBytes, out);
      }
      requireUnchanged();
    } catch (IOException e) {
      throw FileObjectStore.failed(e);
    }
  }

  @Override
  public void close() {
    try {
      synchronized (this) {
        closed = true;
        channel.close();
      }
    } catch (IOException e) {
      throw FileObjectStore.failed(e);
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
        throw changed();
      }
      at += read;
    }
  }

  private synchronized FileChannel reopened() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (!channel.isOpen()) {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    }
    return channel;
  }

  private void requireUnchanged() throws IOException {
    var now = FileObjectStore.version(object.path(), file);
    if (now.isEmpty() || !now.get().equals(object)) {
      throw changed();
    }
  }
}
