package dev.sluice.origin.storage;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * A file through calls of Linux that the JDK does not make: a read that fails rather than wait for
 * the disk, and a look at the very file that is open, whatever its path leads to by now.
 */
final class NativeFile implements AutoCloseable {
  private static final int O_CLOEXEC = 0x8_0000;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_SIZE = 0x200;
  private static final int STATX_MTIME = 0x40;
  private static final int RWF_NOWAIT = 0x8;

  /** Offsets in {@code struct statx}, which is the same on every architecture. */
  private static final int STX_SIZE = 40;

  private static final int STX_MTIME_SECONDS = 112;
  private static final int STX_MTIME_NANOS = 120;
  private static final int STATX_BYTES = 256;

  /** For targets that are not native memory: only small ones are worth a copy. */
  static final int BOUNCE_BYTES = 64;

  /**
   * What a file was when it was looked at.
   *
   * @param mtimeNanos the nanoseconds of the second
   */
  record Version(long sizeBytes, long mtimeSeconds, int mtimeNanos) {
    private static final long MILLIS = 1_000;
    private static final int NANOS_OF_MILLI = 1_000_000;

    long mtimeMillis() {
      return mtimeSeconds * MILLIS + mtimeNanos / NANOS_OF_MILLI;
    }
  }

  /** The calls; empty where the system has them not. */
  private static final Optional<Calls> CALLS = Calls.find();

  /** For the threads of event loops, which are few and live long. */
  private static final ThreadLocal<Scratch> SCRATCH =
      ThreadLocal.withInitial(() -> new Scratch(Arena.ofAuto()));

  private final Calls calls;
  private final int descriptor;
  private final AtomicBoolean closed = new AtomicBoolean();

  private NativeFile(Calls calls, int descriptor) {
    this.calls = calls;
    this.descriptor = descriptor;
  }

  /** The file at this path, opened; empty where the system cannot. */
  static Optional<NativeFile> open(Path file) {
    return CALLS.flatMap(calls -> {
      try (var arena = Arena.ofConfined()) {
        int descriptor = calls.open(arena.allocateFrom(file.toString()), O_CLOEXEC);
        return descriptor < 0
            ? Optional.<NativeFile>empty()
            : Optional.of(new NativeFile(calls, descriptor));
      }
    });
  }

  /** What the open file is now; empty if it cannot be told. */
  Optional<Version> version() {
    return withScratch(
        scratch -> look(scratch) ? Optional.of(scratch.version()) : Optional.empty());
  }

  /** Whether the open file is still this version. */
  boolean is(Version version) {
    return withScratch(scratch -> look(scratch) && scratch.isOf(version));
  }

  private boolean look(Scratch scratch) {
    return calls.statx(
            descriptor, scratch.empty, AT_EMPTY_PATH, STATX_SIZE | STATX_MTIME, scratch.statx)
        == 0;
  }

  /**
   * Fills {@code out} to its limit if the system has the bytes in memory.
   *
   * @return whether it did; if not, {@code out} stands where it stood
   */
  boolean readNow(long offsetBytes, ByteBuffer out) {
    return withScratch(scratch -> readNow(scratch, offsetBytes, out));
  }

  private boolean readNow(Scratch scratch, long offsetBytes, ByteBuffer out) {
    int length = out.remaining();
    if (!out.isDirect()) {
      if (length > BOUNCE_BYTES || !read(scratch, scratch.bounce, length, offsetBytes)) {
        return false;
      }
      out.put(scratch.bounceBuffer.clear().limit(length));
      return true;
    }
    if (!read(scratch, MemorySegment.ofBuffer(out), length, offsetBytes)) {
      return false;
    }
    out.position(out.limit());
    return true;
  }

  /** Whether the system seems to have these bytes in memory. One is looked at each so many. */
  boolean isAtHand(long offsetBytes, int lengthBytes, int stepBytes) {
    return withScratch(scratch -> {
      long last = offsetBytes + lengthBytes - 1;
      for (long at = offsetBytes; at < last; at += stepBytes) {
        if (!read(scratch, scratch.bounce, 1, at)) {
          return false;
        }
      }
      return read(scratch, scratch.bounce, 1, last);
    });
  }

  private static <T> T withScratch(Function<Scratch, T> use) {
    if (!Thread.currentThread().isVirtual()) {
      return use.apply(SCRATCH.get());
    }
    // One for each of many threads would be left to the collector of garbage.
    try (var arena = Arena.ofConfined()) {
      return use.apply(new Scratch(arena));
    }
  }

  /** Whether the system shows the descriptors of processes, so that there is {@link #channel}. */
  boolean hasChannel() {
    return Files.exists(link(), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * A channel of this very file, whatever its path leads to by now. Ownership: the caller closes
   * it.
   *
   * @throws IOException also where not {@link #hasChannel}
   */
  FileChannel channel() throws IOException {
    return FileChannel.open(link(), READ);
  }

  private Path link() {
    return Path.of("/proc/self/fd/" + descriptor);
  }

  /**
   * All of this very file, read-only, whatever its path leads to by now; empty where the system
   * refuses, as for a lack of address space.
   */
  Optional<MemorySegment> map(long sizeBytes, Arena arena) {
    try (var same = channel()) {
      return Optional.of(same.map(FileChannel.MapMode.READ_ONLY, 0, sizeBytes, arena));
    } catch (IOException | UnsupportedOperationException | OutOfMemoryError e) {
      return Optional.empty();
    }
  }

  private boolean read(Scratch scratch, MemorySegment target, int length, long offsetBytes) {
    scratch.vector.set(ADDRESS, 0, target);
    scratch.vector.set(JAVA_LONG, ADDRESS.byteSize(), length);
    return calls.preadv2(descriptor, scratch.vector, 1, offsetBytes, RWF_NOWAIT) == length;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      calls.close(descriptor);
    }
  }

  /** What a thread hands to the calls. */
  private static final class Scratch {
    final MemorySegment vector;
    final MemorySegment statx;
    final MemorySegment empty;
    final MemorySegment bounce;
    final ByteBuffer bounceBuffer;

    Scratch(Arena arena) {
      vector = arena.allocate(ADDRESS.byteSize() + Long.BYTES, Long.BYTES);
      statx = arena.allocate(STATX_BYTES, Long.BYTES);
      empty = arena.allocate(1);
      bounce = arena.allocate(BOUNCE_BYTES);
      bounceBuffer = bounce.asByteBuffer();
    }

    long sizeBytes() {
      return statx.get(JAVA_LONG, STX_SIZE);
    }

    long mtimeSeconds() {
      return statx.get(JAVA_LONG, STX_MTIME_SECONDS);
    }

    int mtimeNanos() {
      return statx.get(JAVA_INT, STX_MTIME_NANOS);
    }

    Version version() {
      return new Version(sizeBytes(), mtimeSeconds(), mtimeNanos());
    }

    boolean isOf(Version version) {
      return sizeBytes() == version.sizeBytes()
          && mtimeSeconds() == version.mtimeSeconds()
          && mtimeNanos() == version.mtimeNanos();
    }
  }

  /** The functions of the C library. */
  private record Calls(
      MethodHandle openCall,
      MethodHandle closeCall,
      MethodHandle statxCall,
      MethodHandle preadv2Call) {

    static Optional<Calls> find() {
      if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux")
          || ADDRESS.byteSize() != Long.BYTES) {
        return Optional.empty();
      }
      try {
        return Optional.of(
            new Calls(
                call("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT)),
                call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT)),
                call(
                    "statx",
                    FunctionDescriptor.of(
                        JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS)),
                call(
                    "preadv2",
                    FunctionDescriptor.of(
                        JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_INT))));
      } catch (RuntimeException absent) {
        // An old C library, or native access is not allowed: files are read by the JDK alone.
        return Optional.empty();
      }
    }

    @SuppressWarnings("restricted") // The server is started with native access allowed.
    private static MethodHandle call(String name, FunctionDescriptor descriptor) {
      var linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }

    int open(MemorySegment path, int flags) {
      try {
        return (int) openCall.invokeExact(path, flags);
      } catch (Throwable e) {
        throw unexpected(e);
      }
    }

    void close(int descriptor) {
      try {
        int _ = (int) closeCall.invokeExact(descriptor);
      } catch (Throwable e) {
        throw unexpected(e);
      }
    }

    int statx(int descriptor, MemorySegment path, int flags, int mask, MemorySegment out) {
      try {
        return (int) statxCall.invokeExact(descriptor, path, flags, mask, out);
      } catch (Throwable e) {
        throw unexpected(e);
      }
    }

    long preadv2(int descriptor, MemorySegment vector, int count, long offset, int flags) {
      try {
        return (long) preadv2Call.invokeExact(descriptor, vector, count, offset, flags);
      } catch (Throwable e) {
        throw unexpected(e);
      }
    }

    private static IllegalStateException unexpected(Throwable e) {
      return new IllegalStateException("a call of the C library failed in Java", e);
    }
  }
}
