package dev.sluice.origin.delivery;

import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.policy.MediaRange;
import dev.sluice.origin.policy.TrackFilters;
import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.Title;
import dev.sluice.origin.track.Track;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What filters leave of a title, for manifests. Segments are looked up in the whole title, since
 * IVs count its fragments.
 *
 * @param tracks at least one, in the title's order, but the video that a player shall begin with
 *     first; their indexes hold only the fragments that are left
 * @param firstQuality the bitrate of that video
 */
record FilteredTitle(List<Track> tracks, Optional<Long> firstQuality) {

  /**
   * The title without what the filters take away. A fragment that straddles an edge of their time
   * range is kept; a track without a fragment left is not.
   *
   * @throws CallerFailure if nothing is left, or the filters do not go together
   */
  static FilteredTitle filter(Title title, List<Document.Filter> filters) {
    var composed = TrackFilters.compose(filters);
    List<Track> left =
        title.tracks().stream()
            .filter(track -> composed.keeps(TrackTraitsReader.traits(track)))
            .flatMap(track -> trim(track, composed.range()).stream())
            .toList();
    if (left.isEmpty() && !filters.isEmpty()) {
      throw composed.nothingLeft();
    }
    Optional<Track> first = composed.firstQuality().flatMap(bitrate -> best(left, bitrate));
    return new FilteredTitle(
        first.map(track -> withFirst(left, track)).orElse(left), first.map(Track::bitrate));
  }

  /**
   * Whether the filters of an asset and its locator leave a track.
   *
   * @param track of the whole title
   */
  static boolean contains(Track track, List<Document.Filter> filters) {
    var composed = TrackFilters.compose(filters);
    return composed.keeps(TrackTraitsReader.traits(track))
        && trim(track, composed.range()).isPresent();
  }

  /**
   * Whether the filters of an asset and its locator leave a fragment.
   *
   * @param track of the whole title
   * @param fragment its number in the whole title
   */
  static boolean contains(Track track, int fragment, List<Document.Filter> filters) {
    var composed = TrackFilters.compose(filters);
    return composed.keeps(TrackTraitsReader.traits(track))
        && overlaps(track, fragment, composed.range().inTimescale(track.timescale()));
  }

  private static Optional<Track> trim(Track track, MediaRange range) {
    MediaRange.Ticks ticks = range.inTimescale(track.timescale());
    FragmentIndex all = track.fragments();
    int first = 0;
    while (first < all.count() && !overlaps(track, first, ticks)) {
      first++;
    }
    int end = all.count();
    while (end > first && !overlaps(track, end - 1, ticks)) {
      end--;
    }
    if (first == end) {
      return Optional.empty();
    }
    return Optional.of(
        first == 0 && end == all.count() ? track : track.withFragments(all.slice(first, end)));
  }

  private static boolean overlaps(Track track, int fragment, MediaRange.Ticks range) {
    long start = track.fragments().startTicks(fragment);
    return range.overlap(start, start + track.fragments().durationTicks(fragment));
  }

  /** The video of the highest bitrate up to this one; of the lowest where all are above it. */
  private static Optional<Track> best(List<Track> tracks, long bitrate) {
    List<Track> videos = tracks.stream().filter(t -> t.kind() == TrackKind.VIDEO).toList();
    return videos.stream()
        .filter(track -> track.bitrate() <= bitrate)
        .max(Comparator.comparingLong(Track::bitrate))
        .or(() -> videos.stream().min(Comparator.comparingLong(Track::bitrate)));
  }

  private static List<Track> withFirst(List<Track> tracks, Track first) {
    List<Track> ordered = new ArrayList<>(tracks);
    ordered.remove(first);
    ordered.addFirst(first);
    return List.copyOf(ordered);
  }
}
