package dev.sluice.benchmarks.load;

import java.net.URI;
import java.util.Optional;

/** One rendition as a session plays it: where it is, and what it has. For one thread. */
final class Lane {
  /** A live title starts so many segments before its end (RFC 8216 6.3.3). */
  private static final int LIVE_START_SEGMENTS = 3;

  private final RequestKind kind;
  private final URI source;
  private final String name;
  private Segments segments;
  private boolean live;
  private int next;
  private long lastPosition = -1;
  private long lastDurationNanos;
  private long bufferedNanos;
  private Optional<Segment.Init> init = Optional.empty();

  /**
   * @param kind video or audio
   * @param source the manifest that lists its segments
   * @param name of the rendition in it; empty in a playlist of HLS
   */
  Lane(RequestKind kind, URI source, String name, Segments segments, boolean live) {
    this.kind = kind;
    this.source = source;
    this.name = name;
    this.segments = segments;
    this.live = live;
    this.next = live ? Math.max(0, segments.count() - LIVE_START_SEGMENTS) : 0;
  }

  RequestKind kind() {
    return kind;
  }

  URI source() {
    return source;
  }

  String name() {
    return name;
  }

  /** Whether there is a segment to ask for now. */
  boolean hasNext() {
    return next < segments.count();
  }

  /** Whether there is none, and will be none. */
  boolean isEnded() {
    return !hasNext() && !live;
  }

  /** Media time from the start of the play up to which it was asked for. */
  long bufferedNanos() {
    return bufferedNanos;
  }

  /** The segment to ask for, again if it is asked again. */
  Segment peek() throws LoadFailure {
    return segments.at(next);
  }

  /** Goes past a segment, which was had, or will not be. */
  void pass(Segment segment) {
    next++;
    lastPosition = segment.position();
    lastDurationNanos = segment.durationNanos();
    bufferedNanos += segment.durationNanos();
  }

  /** Whether an init segment is the one that the decoder has; from now on it is. */
  boolean takesNew(Segment.Init other) {
    boolean isNew = !init.equals(Optional.of(other));
    init = Optional.of(other);
    return isNew;
  }

  /** How long a live manifest stays as it is, about. */
  long reloadNanos() {
    return Math.clamp(lastDurationNanos, 1_000_000_000L, 10_000_000_000L);
  }

  /** The manifest was read again. */
  void renew(Segments newer, boolean stillLive) throws LoadFailure {
    segments = newer;
    live = stillLive;
    int low = 0;
    int high = newer.count();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (newer.at(middle).position() > lastPosition) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    next = low;
  }
}
