package dev.sluice.origin.storage;

import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.StoreFailure;
import dev.sluice.origin.media.FileBytes;
import dev.sluice.origin.media.MappedBytes;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Reads one version of a file, which it shares with others. */
final class FileObjectReader implements ObjectReader {

  /** How far apart the pages are that are looked at: the kernel reads ahead by as much or more. */
  private static final int PROBE_BYTES = 128 * 1024;

  private final OpenFile file;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes one use of the file, and gives it back when it is closed. */
  FileObjectReader(OpenFile file) {
    this.file = file;
  }

  @Override
  public StoredObject object() {
    return file.object();
  }

  @Override
  public void readFully(long offsetBytes, ByteBuffer out) {
    requireWithin(offsetBytes, out.remaining());
    file.read(offsetBytes, out);
  }

  @Override
  public boolean readNow(long offsetBytes, ByteBuffer out) {
    requireWithin(offsetBytes, out.remaining());
    return file.readNow(offsetBytes, out);
  }

  @Override
  public Optional<FileBytes> fileBytes(long offsetBytes, long lengthBytes) {
    requireWithin(offsetBytes, lengthBytes);
    return Optional.of(new Part(file, offsetBytes, lengthBytes));
  }

  @Override
  public Optional<MappedBytes> mapped(long offsetBytes, int lengthBytes) {
    requireWithin(offsetBytes, lengthBytes);
    return file.mapped(offsetBytes, lengthBytes);
  }

  private void requireWithin(long offsetBytes, long lengthBytes) {
    if (closed.get()) {
      throw new StoreFailure(FailureCode.MPE_STORAGE_INTERNAL_ERROR, "read: the object is closed");
    }
    long size = object().sizeBytes();
    if (offsetBytes < 0 || lengthBytes < 0 || lengthBytes > size - offsetBytes) {
      throw new StoreFailure(
          FailureCode.MPE_STORAGE_INTERNAL_ERROR,
          "read: %d bytes from %d (expected: within %d bytes)"
              .formatted(lengthBytes, offsetBytes, size));
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      file.release();
    }
  }

  /** A part of the file. */
  private record Part(OpenFile open, long offsetBytes, long lengthBytes) implements FileBytes {
    @Override
    public FileChannel file() {
      return open.channel();
    }

    @Override
    public boolean isAtHand(long fromBytes, int partBytes) {
      return open.isAtHand(offsetBytes + fromBytes, partBytes, PROBE_BYTES);
    }

    @Override
    public void requireUnchanged() {
      open.requireUnchanged();
    }
  }
}
