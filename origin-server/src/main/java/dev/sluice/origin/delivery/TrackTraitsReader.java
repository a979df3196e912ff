package dev.sluice.origin.delivery;

import dev.sluice.origin.policy.TrackTraits;
import dev.sluice.origin.track.Track;

/** What of a track decides about its key, and about the filters that keep it. */
final class TrackTraitsReader {
  private TrackTraitsReader() {}

  static TrackTraits traits(Track track) {
    var entry = track.header().sampleEntries().getFirst();
    return new TrackTraits(
        track.kind(),
        track.name(),
        track.language(),
        track.fourCc(),
        track.bitrate(),
        entry.height() > 0 ? entry.height() : track.header().height());
  }
}
