package dev.sluice.origin.delivery;

import dev.sluice.origin.policy.TrackProtection;
import dev.sluice.origin.track.Track;

/**
 * The fragment of a track that a segment is made of.
 *
 * @param fragment its number in the whole track
 * @param keyframe whether its first frame alone is asked for
 */
record SegmentPart(Resolver.Resolution resolution, Track track, int fragment, boolean keyframe) {

  /** How the track is protected. */
  TrackProtection protection() {
    return resolution.protectionOf(track);
  }
}
