package dev.sluice.origin.media;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of an answer. Its length is known before any media is read, and any range of it can be
 * had, in any order, as often as asked: the same position always gives the same byte.
 *
 * <p>A body may be read by one thread at a time, and by different threads one after another.
 */
public interface Body extends AutoCloseable {

  /** The exact length. */
  long lengthBytes();

  /**
   * Fills {@code out} to its limit with the bytes from {@code positionBytes} on. May block on
   * storage.
   *
   * <p>Ownership: {@code out} is borrowed. On a failure its content is undefined and must not
   * leave.
   *
   * @throws dev.sluice.origin.failure.Failure if the bytes cannot be had, or not be protected
   */
  void read(long positionBytes, ByteBuffer out);

  /**
   * {@link #read} where that needs no wait for storage, as on an event loop.
   *
   * <p>Ownership: {@code out} is borrowed.
   *
   * @return whether it was read; if not, {@code out} stands where it stood, what it holds behind
   *     that is undefined, and the body is as it was
   * @throws dev.sluice.origin.failure.Failure as {@link #read}
   */
  default boolean readNow(long positionBytes, ByteBuffer out) {
    return false;
  }

  /**
   * The bytes from a position on that lie in a file as they are, so far as they follow each other
   * there; empty where there are none.
   */
  default Optional<FileBytes> fileBytes(long positionBytes) {
    return Optional.empty();
  }

  /**
   * A part of the body that lies in a file as it is, one run of bytes, mapped; empty where it does
   * not, or reading it would need a wait for storage.
   *
   * @param lengthBytes above 0, within the body
   */
  default Optional<MappedBytes> mapped(long positionBytes, int lengthBytes) {
    return Optional.empty();
  }

  /** What makes pieces of several bodies in less time than one after another, if anything does. */
  default Optional<Together> together() {
    return Optional.empty();
  }

  /** Makes pieces of several bodies at a time: of all those that name the same instance. */
  interface Together {

    /** How many pieces are enough. */
    int piecesAtOnce();

    /**
     * {@link Body#readNow} for each of these, which are of different bodies.
     *
     * @param pieces each is told how it went
     */
    void readNow(List<Piece> pieces);
  }

  /** A piece of a body that is to be read, and how that went. */
  final class Piece {
    private final Body body;
    private final long positionBytes;
    private final ByteBuffer out;
    private boolean read;
    private Optional<RuntimeException> failure = Optional.empty();

    /** A piece from this position on, to fill {@code out} to its limit, which is borrowed. */
    public Piece(Body body, long positionBytes, ByteBuffer out) {
      this.body = body;
      this.positionBytes = positionBytes;
      this.out = out;
    }

    /** The body that it is of. */
    public Body body() {
      return body;
    }

    /** Where it begins. */
    public long positionBytes() {
      return positionBytes;
    }

    /** Where its bytes go. */
    public ByteBuffer out() {
      return out;
    }

    /** It has been read. */
    public void succeed() {
      read = true;
    }

    /** It cannot be read. */
    public void fail(RuntimeException cause) {
      failure = Optional.of(cause);
    }

    /**
     * Whether it has been read; if not, that needs a wait for storage.
     *
     * @throws RuntimeException why it could not be read
     */
    public boolean isRead() {
      if (failure.isPresent()) {
        throw failure.get();
      }
      return read;
    }
  }

  /** Gives back what the body holds. */
  @Override
  default void close() {}

  /**
   * All bytes of the body, where it is nothing else: who keeps them needs no copy. Empty for a body
   * that is made as it is read.
   */
  default Optional<Bytes> bytes() {
    return Optional.empty();
  }

  /** A body of these bytes. The array is borrowed for good: do not change it. */
  static Body of(byte[] bytes) {
    return of(Bytes.taking(bytes));
  }

  /** A body of these bytes. It has no state: many may read it at a time. */
  static Body of(Bytes bytes) {
    return new Body() {
      @Override
      public long lengthBytes() {
        return bytes.size();
      }

      @Override
      public void read(long positionBytes, ByteBuffer out) {
        bytes.copyTo(Math.toIntExact(positionBytes), out);
      }

      @Override
      public boolean readNow(long positionBytes, ByteBuffer out) {
        read(positionBytes, out);
        return true;
      }

      @Override
      public Optional<Bytes> bytes() {
        return Optional.of(bytes);
      }
    };
  }
}
