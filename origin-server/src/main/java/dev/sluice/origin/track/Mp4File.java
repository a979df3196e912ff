package dev.sluice.origin.track;

import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.mp4.TrackHeader;
import java.util.List;
import java.util.Optional;

/**
 * What an MP4 file holds.
 *
 * @param fragmented whether its media lies in movie fragments
 * @param tracks of video, audio and text, in the order of {@code moov}
 */
record Mp4File(boolean fragmented, List<Mp4Track> tracks) {

  Mp4File {
    tracks = List.copyOf(tracks);
  }

  /** A track, and its fragments; empty where it has none. */
  record Mp4Track(TrackHeader header, TrackKind kind, Optional<FragmentIndex> fragments) {}
}
