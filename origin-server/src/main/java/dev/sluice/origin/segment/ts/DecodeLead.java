package dev.sluice.origin.segment.ts;

import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.mp4.TrackHeader;

/**
 * By how much the decode times of a video track are set before those of its source.
 *
 * <p>In a transport stream nothing is presented before it is decoded (ISO/IEC 13818-1 2.4.3.7), in
 * MP4 a sample with a negative composition offset is. One shift of all decode times of a track
 * makes it right, if it is as long as the most negative offset. That offset is not written
 * anywhere; but it is no longer than pictures wait to be reordered, which
 *
 * <ul>
 *   <li>is nothing in Baseline profile, which has no reordering;
 *   <li>is the media_time of the edit list where there is one, since that cuts away this wait;
 *   <li>is otherwise taken to be less than half a second.
 * </ul>
 *
 * <p>So the shift depends on the header of the track only, and is the same in all segments.
 */
final class DecodeLead {
  private static final int BASELINE = 66;
  private static final int MAX_PARTS_OF_SECOND = 2;

  private DecodeLead() {}

  /** The shift in ticks of the track's timescale. */
  static long ticks(TrackHeader track, AvcConfig config) {
    if (config.profile() == BASELINE) {
      return 0;
    }
    long max = track.timescale() / MAX_PARTS_OF_SECOND;
    return track.editMediaTimeTicks() > 0 ? Math.min(track.editMediaTimeTicks(), max) : max;
  }
}
