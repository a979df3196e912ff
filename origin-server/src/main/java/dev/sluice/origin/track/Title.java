package dev.sluice.origin.track;

import dev.sluice.origin.media.TrackKind;
import java.util.List;
import java.util.Optional;

/**
 * The tracks of an asset at one revision of its content.
 *
 * @param manifestName the server manifest's file name, which URLs name: {@code bear.ism}
 * @param tracks video, then audio, then text; within a kind in the order of the server manifest or
 *     of file names
 * @param revision a digest over the paths and revisions of every object that the title was read
 *     from
 */
public record Title(String manifestName, List<Track> tracks, String revision) {

  public Title {
    tracks = List.copyOf(tracks);
  }

  /** The track that a URL names. Names are matched without regard to case. */
  public Optional<Track> find(String name, long bitrate) {
    return tracks.stream()
        .filter(t -> t.bitrate() == bitrate && t.name().equalsIgnoreCase(name))
        .findFirst();
  }

  /** The tracks of a kind. */
  public List<Track> of(TrackKind kind) {
    return tracks.stream().filter(t -> t.kind() == kind).toList();
  }
}
