package dev.sluice.benchmarks.load;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * One media segment.
 *
 * @param uri whole
 * @param range of the resource; empty: all of it
 * @param position grows from one segment of a rendition to the next, in no unit: tells in a
 *     manifest that is read again which segments are new
 * @param durationNanos of what it plays
 * @param init what a decoder needs first; empty where the segment is complete in itself
 * @param keys that open it, each asked for once in a session
 * @param envelope if all of it is encrypted
 * @param isMp4 whether it is fragments of MP4; else a transport stream, or packed audio
 */
record Segment(
    URI uri,
    Optional<ByteRange> range,
    long position,
    long durationNanos,
    Optional<Init> init,
    List<KeyAsk> keys,
    Optional<Envelope> envelope,
    boolean isMp4) {
  Segment {
    keys = List.copyOf(keys);
  }

  /** An init segment. */
  record Init(URI uri, Optional<ByteRange> range, Optional<Envelope> envelope) {}
}
