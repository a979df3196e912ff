package dev.sluice.origin.delivery;

import dev.sluice.origin.media.CacheFigures;
import dev.sluice.origin.segment.ts.MuxedAudio;
import dev.sluice.origin.segment.ts.SegmentPlan;
import dev.sluice.origin.track.Track;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The plans of transport stream segments, computed once for all requests, and kept by their weight
 * in bytes.
 *
 * <p>A plan depends on content alone while samples leave clear, or a whole answer is encrypted.
 * With SAMPLE-AES the emulation prevention depends on what is encrypted, so a plan is kept for the
 * key and the IV, which are known by the entity tag that they make.
 */
final class TransportPlans {
  private static final int ENTRY_BYTES = 500;

  /** A version of a track. */
  private record TrackKey(String path, String revision, int trackId) {

    static TrackKey of(Track track) {
      return new TrackKey(
          track.object().path(), track.object().revision(), track.header().trackId());
    }
  }

  /** Audio in a segment of video. */
  private record AudioKey(TrackKey track, MuxedAudio part) {}

  /**
   * A segment.
   *
   * @param startTicks tells it apart in an index that filters have made shorter
   * @param etag of the segment; empty: its samples leave clear
   */
  private record Key(
      TrackKey track,
      int fragment,
      long startTicks,
      boolean keyframe,
      Optional<AudioKey> audio,
      Optional<String> etag) {}

  private final LoadOnceCache<Key, SegmentPlan> plans;

  /** Keeps at most {@code maxBytes}. */
  TransportPlans(long maxBytes) {
    plans =
        new LoadOnceCache<>(
            "ts-plans", maxBytes, (Key _, SegmentPlan plan) -> ENTRY_BYTES + plan.weightBytes());
  }

  /** For metrics. */
  CacheFigures figures() {
    return plans;
  }

  /**
   * The plan of a segment.
   *
   * @param audio that is muxed into it, if there is any
   * @param etag of the segment if its samples are encrypted
   * @param load makes it
   */
  SegmentPlan plan(
      SegmentPart part, Optional<Track> audio, Optional<String> etag, Supplier<SegmentPlan> load) {
    return plans.get(key(part, audio, etag), _ -> load.get());
  }

  /** Whether {@link #plan} has it. */
  boolean has(SegmentPart part, Optional<Track> audio, Optional<String> etag) {
    return plans.find(key(part, audio, etag), Optional::of).isPresent();
  }

  private static Key key(SegmentPart part, Optional<Track> audio, Optional<String> etag) {
    var track = part.track();
    return new Key(
        TrackKey.of(track),
        part.fragment(),
        track.fragments().startTicks(part.fragment()),
        part.keyframe(),
        audio.map(a -> new AudioKey(TrackKey.of(a), MuxedAudio.of(track, part.fragment(), a))),
        etag);
  }
}
