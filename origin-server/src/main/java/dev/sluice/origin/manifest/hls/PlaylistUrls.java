package dev.sluice.origin.manifest.hls;

import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.route.ChildUrls;
import dev.sluice.origin.route.StreamTags;
import dev.sluice.origin.track.Track;
import java.util.Optional;

/** The URLs that the playlists of one presentation hold. */
record PlaylistUrls(Presentation presentation) {

  /** A media playlist, relative to the multivariant playlist. */
  String mediaPlaylist(Track track, boolean keyframes) {
    return ChildUrls.mediaPlaylist(
        track.bitrate(),
        track.name(),
        keyframes,
        tagsFor(track),
        presentation.encryption(),
        HlsFormat.PLAYLIST_EXTENSION);
  }

  /** An init segment, relative to its media playlist. */
  String init(Track track) {
    return fragment(track, "i", /* keyframes= */ false, HlsFormat.INIT_EXTENSION);
  }

  /** A segment, relative to its media playlist. */
  String segment(Track track, long startTicks, boolean keyframes) {
    String extension = HlsFormat.of(presentation.tags()).segmentExtension();
    return fragment(track, Long.toString(startTicks), keyframes, extension);
  }

  private String fragment(Track track, String time, boolean keyframes, String extension) {
    return ChildUrls.fragment(
        track.name(), time, keyframes, tagsFor(track), presentation.encryption(), extension);
  }

  /** The tags of the request; those of muxed video name the audio, and of nothing else. */
  private StreamTags tagsFor(Track track) {
    var tags = presentation.tags();
    Optional<String> audio =
        track.kind() == TrackKind.VIDEO
            ? MuxedAudio.of(presentation).map(PresentedTrack::track).map(Track::name)
            : Optional.empty();
    return new StreamTags(
        tags.format(),
        tags.encryption(),
        tags.filters(),
        audio,
        tags.audioOnly(),
        tags.keyframes(),
        tags.systems());
  }
}
