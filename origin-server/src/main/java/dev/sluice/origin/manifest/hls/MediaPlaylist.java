package dev.sluice.origin.manifest.hls;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.media.TrackKind;
import java.util.stream.Stream;

/**
 * Renders the media playlist of one track, or with {@code type=keyframes} its I-frame playlist: of
 * a stored title, complete from the beginning.
 *
 * <p>Spec: RFC 8216 4.3.3, 4.3.2.
 */
public final class MediaPlaylist {

  /**
   * The playlist as UTF-8. The same presentation always gives the same bytes.
   *
   * @param presentation of all tracks, whose playlists share a target duration
   * @param track one of them
   * @throws CallerFailure if it cannot be had in this format and encryption, or no tag can say
   *     where its key is
   */
  public byte[] render(Presentation presentation, PresentedTrack track) {
    var tags = presentation.tags();
    var format = HlsFormat.of(tags);
    if (tags.keyframes() && (track.track().kind() != TrackKind.VIDEO || format.isMuxed())) {
      throw new CallerFailure(
          FailureCode.MPE_EGRESS_TRACK_NOT_FOUND,
          "type: keyframes (expected: with a video track, and not with format=m3u8-aapl-v3)");
    }
    if (track.track().kind() == TrackKind.VIDEO) {
      MuxedAudio.with(track, presentation);
    }
    var out = new PlaylistWriter(format.version(track.protection().stream().toList()));
    // Of I-frames each is decoded alone.
    out.independentSegments(tags.keyframes() ? Stream.empty() : Stream.of(track.track()));
    out.tag("EXT-X-TARGETDURATION", SegmentTimes.targetSeconds(presentation));
    out.tag("EXT-X-MEDIA-SEQUENCE", 0);
    out.tag("EXT-X-PLAYLIST-TYPE", "VOD");
    if (tags.keyframes()) {
      out.tag("EXT-X-I-FRAMES-ONLY");
    }
    writeInitAndKeys(out, presentation, track);
    writeSegments(out, presentation, track);
    out.tag("EXT-X-ENDLIST");
    return out.toBytes();
  }

  /** The init segment stands before the keys, since they do not apply to it: it is clear. */
  private static void writeInitAndKeys(
      PlaylistWriter out, Presentation presentation, PresentedTrack track) {
    var format = HlsFormat.of(presentation.tags());
    if (!format.isTransportStream()) {
      String init = new PlaylistUrls(presentation).init(track.track());
      out.tag("EXT-X-MAP", new AttributeList().uri("URI", init));
    }
    track
        .protection()
        .ifPresent(protection ->
            KeyTags.of(protection, format, presentation.tags().systems())
                .forEach(key -> out.tag("EXT-X-KEY", key)));
  }

  private static void writeSegments(
      PlaylistWriter out, Presentation presentation, PresentedTrack presented) {
    var track = presented.track();
    var urls = new PlaylistUrls(presentation);
    var times = new SegmentTimes(track);
    boolean keyframes = presentation.tags().keyframes();
    out.tag("EXT-X-PROGRAM-DATE-TIME", times.date());
    for (int i = 0; i < track.fragments().count(); i++) {
      out.tag("EXTINF", SegmentTimes.seconds(times.micros(i)) + ",");
      out.uri(urls.segment(track, track.fragments().startTicks(i), keyframes));
    }
  }
}
