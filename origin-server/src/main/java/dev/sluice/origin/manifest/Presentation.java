package dev.sluice.origin.manifest;

import dev.sluice.origin.drm.Protection;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.route.StreamTags;
import dev.sluice.origin.route.StreamTags.Encryption;
import dev.sluice.origin.track.Track;
import java.util.List;
import java.util.Optional;

/**
 * What a manifest presents: the tracks that may be had, each with its protection.
 *
 * @param tracks at least one; video, then audio, then text
 * @param tags of the request; the renderer writes them into every child URL, the encryption as
 *     asked for
 * @param firstQuality the bitrate of the video that a player shall begin with, which is the first
 *     of the tracks
 */
public record Presentation(
    List<PresentedTrack> tracks, StreamTags tags, Optional<Long> firstQuality) {

  public Presentation {
    tracks = List.copyOf(tracks);
  }

  /** A presentation that a player may begin with as it likes. */
  public Presentation(List<PresentedTrack> tracks, StreamTags tags) {
    this(tracks, tags, Optional.empty());
  }

  /**
   * The encryption that child URLs name: the one asked for; where the request does not say, the one
   * in use.
   */
  public Optional<Encryption> encryption() {
    return tags.encryption()
        .or(() ->
            tracks.stream()
                .flatMap(presented -> presented.protection().stream())
                .map(protection -> encryption(protection.scheme()))
                .findFirst());
  }

  private static Encryption encryption(Scheme scheme) {
    return switch (scheme) {
      case CENC -> Encryption.CENC;
      case CBCS -> Encryption.CBCS;
      case CBC -> Encryption.CBC;
      case CLEAR -> Encryption.NONE;
    };
  }

  /** A track, and how it is protected; empty where it is clear. */
  public record PresentedTrack(Track track, Optional<Protection> protection) {}
}
