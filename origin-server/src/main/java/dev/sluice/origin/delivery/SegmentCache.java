package dev.sluice.origin.delivery;

import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.CacheFigures;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Encrypted segments, kept whole under their entity tags. A tag stands for everything that the
 * bytes depend on: media, scheme, the key's value and its IV. So what is kept never goes stale; it
 * only goes when others need its room.
 *
 * <p>A segment is made whole when its first bytes are asked for, once for all who ask then, and
 * kept when it is complete. Who asks for another part of one that is not there gets that part
 * alone.
 */
final class SegmentCache {
  /** Of heap, so that no segment needs a large piece of it. */
  private static final int BLOCK_BYTES = 64 << 10;

  private static final int ENTRY_BYTES = 300;
  private static final int BLOCK_HEADER_BYTES = 24;

  /** A segment may take this part of the cache at most; so may all that are being made. */
  private static final int LARGEST_PART = 8;

  /** However large the cache is: weights are ints. */
  private static final int MAX_SEGMENT_BYTES = 1 << 30;

  private final long largestBytes;
  private final Semaphore makingKibibytes;
  private final LoadOnceCache<String, Blocks> segments;

  /**
   * An empty cache.
   *
   * @param limitBytes what all segments may take together; 0: none is kept
   */
  SegmentCache(long limitBytes) {
    this.largestBytes = Math.min(limitBytes / LARGEST_PART, MAX_SEGMENT_BYTES);
    this.makingKibibytes =
        new Semaphore((int) Math.min((limitBytes / LARGEST_PART) >> 10, Integer.MAX_VALUE));
    this.segments =
        new LoadOnceCache<>(
            "segments", limitBytes, (String _, Blocks blocks) -> blocks.weightBytes());
  }

  /**
   * The body of a segment.
   *
   * @param etag of the answer
   * @param make opens the body where it is not here
   * @param etagNow what the tag would be now: bytes whose tag has changed while they were made, as
   *     it does with a key, are not kept
   */
  Body open(String etag, Supplier<Body> make, Supplier<String> etagNow) {
    if (!isOn()) {
      return make.get();
    }
    Optional<Blocks> kept = segments.find(etag, Optional::of);
    if (kept.isPresent()) {
      return new KeptBody(kept.get());
    }
    Body inner = make.get();
    boolean isKept = inner.lengthBytes() <= largestBytes && etagNow.get().equals(etag);
    return isKept ? new MakingBody(etag, inner) : inner;
  }

  /** Whether anything is kept. */
  boolean isOn() {
    return largestBytes > 0;
  }

  /** For metrics. */
  CacheFigures figures() {
    return segments;
  }

  /** Bytes in pieces of {@link #BLOCK_BYTES}. */
  private static final class Blocks {
    private final byte[][] blocks;
    private final int lengthBytes;

    private Blocks(int lengthBytes) {
      this.lengthBytes = lengthBytes;
      this.blocks = new byte[(lengthBytes + BLOCK_BYTES - 1) / BLOCK_BYTES][];
    }

    /** All bytes of a body, which is borrowed. */
    static Blocks of(Body body) {
      var all = new Blocks(Math.toIntExact(body.lengthBytes()));
      for (int i = 0; i < all.blocks.length; i++) {
        int at = i * BLOCK_BYTES;
        byte[] block = new byte[Math.min(BLOCK_BYTES, all.lengthBytes - at)];
        var out = ByteBuffer.wrap(block);
        body.read(at, out);
        if (out.hasRemaining()) {
          throw new IllegalStateException(
              "body: %d bytes missing (expected: %d from %d on)"
                  .formatted(out.remaining(), block.length, at));
        }
        all.blocks[i] = block;
      }
      return all;
    }

    int weightBytes() {
      return ENTRY_BYTES + lengthBytes + blocks.length * BLOCK_HEADER_BYTES;
    }

    void read(long positionBytes, ByteBuffer out) {
      int at = Math.toIntExact(positionBytes);
      while (out.hasRemaining()) {
        byte[] block = blocks[at / BLOCK_BYTES];
        int from = at % BLOCK_BYTES;
        int length = Math.min(out.remaining(), block.length - from);
        out.put(block, from, length);
        at += length;
      }
    }
  }

  /** A segment that is here. */
  private record KeptBody(Blocks blocks) implements Body {
    @Override
    public long lengthBytes() {
      return blocks.lengthBytes;
    }

    @Override
    public void read(long positionBytes, ByteBuffer out) {
      blocks.read(positionBytes, out);
    }

    @Override
    public boolean readNow(long positionBytes, ByteBuffer out) {
      blocks.read(positionBytes, out);
      return true;
    }
  }

  /** A segment that was not here when it was opened. Ownership: takes the inner body. */
  private final class MakingBody implements Body {
    private final String etag;
    private final Body inner;
    private Optional<Blocks> blocks = Optional.empty();

    MakingBody(String etag, Body inner) {
      this.etag = etag;
      this.inner = inner;
    }

    @Override
    public long lengthBytes() {
      return inner.lengthBytes();
    }

    @Override
    public void read(long positionBytes, ByteBuffer out) {
      if (blocks.isEmpty()) {
        blocks = positionBytes == 0 ? make() : segments.find(etag, Optional::of);
      }
      if (blocks.isPresent()) {
        blocks.get().read(positionBytes, out);
      } else {
        inner.read(positionBytes, out);
      }
    }

    @Override
    public boolean readNow(long positionBytes, ByteBuffer out) {
      if (blocks.isPresent()) {
        blocks.get().read(positionBytes, out);
        return true;
      }
      // Making all of it takes longer than an event loop may be held.
      return positionBytes != 0 && inner.readNow(positionBytes, out);
    }

    /** All of the segment; empty where too many others are being made. */
    private Optional<Blocks> make() {
      int kibibytes = (int) (inner.lengthBytes() >> 10) + 1;
      if (!makingKibibytes.tryAcquire(kibibytes)) {
        return segments.find(etag, Optional::of);
      }
      try {
        return Optional.of(segments.get(etag, _ -> Blocks.of(inner)));
      } finally {
        makingKibibytes.release(kibibytes);
      }
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}
