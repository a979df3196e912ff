package dev.sluice.origin.manifest;

import dev.sluice.origin.drm.Protection;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.Track;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Tracks that a client may switch between at any segment, and that an AdaptationSet of DASH or a
 * StreamIndex of Smooth holds: the same content, codec, key and segment times.
 *
 * @param tracks at least 1
 * @param protection the same for all
 */
public record SwitchingSet(List<Track> tracks, Optional<Protection> protection) {

  public SwitchingSet {
    tracks = List.copyOf(tracks);
  }

  /** Video, then audio, then text; within a kind in the order of their first tracks. */
  public static List<SwitchingSet> group(List<PresentedTrack> presented) {
    var groups = new ArrayList<List<PresentedTrack>>();
    presented.stream()
        .sorted(Comparator.comparing(p -> p.track().kind()))
        .forEach(p ->
            groups.stream()
                .filter(group -> belong(group.getFirst(), p))
                .findFirst()
                .orElseGet(() -> {
                  groups.add(new ArrayList<>());
                  return groups.getLast();
                })
                .add(p));
    return groups.stream()
        .map(group ->
            new SwitchingSet(
                group.stream().map(PresentedTrack::track).toList(), group.getFirst().protection()))
        .toList();
  }

  /** What all tracks have in common is the first one's. */
  public Track first() {
    return tracks.getFirst();
  }

  /** Whether only the key tells the sets apart, so that a client with both keys may switch. */
  public boolean differsInKeyOnly(SwitchingSet other) {
    return !protection.equals(other.protection) && sameContent(first(), other.first());
  }

  private static boolean belong(PresentedTrack a, PresentedTrack b) {
    return a.protection().equals(b.protection()) && sameContent(a.track(), b.track());
  }

  private static boolean sameContent(Track a, Track b) {
    return a.kind() == b.kind()
        && a.name().equals(b.name())
        && a.language().equals(b.language())
        && a.purpose().equals(b.purpose())
        && a.fourCc().equals(b.fourCc())
        && a.timescale() == b.timescale()
        && sameTimes(a.fragments(), b.fragments());
  }

  private static boolean sameTimes(FragmentIndex a, FragmentIndex b) {
    if (a.count() != b.count() || a.endTicks() != b.endTicks()) {
      return false;
    }
    for (int i = 0; i < a.count(); i++) {
      if (a.startTicks(i) != b.startTicks(i) || a.durationTicks(i) != b.durationTicks(i)) {
        return false;
      }
    }
    return true;
  }
}
