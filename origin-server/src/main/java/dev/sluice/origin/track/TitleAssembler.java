package dev.sluice.origin.track;

import dev.sluice.origin.media.LanguageTags;
import dev.sluice.origin.media.TrackKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gives the tracks of a title their names and bitrates, and puts them in order. */
final class TitleAssembler {
  private TitleAssembler() {}

  /** Video, then audio, then text; within a kind as they come. */
  static List<Track> assemble(List<SelectedTrack> selected) {
    boolean oneLanguage =
        selected.stream()
                .filter(t -> t.kind() == TrackKind.AUDIO)
                .map(SelectedTrack::language)
                .distinct()
                .count()
            <= 1;
    Map<TrackKind, Set<Long>> bitrates = new EnumMap<>(TrackKind.class);
    List<Track> tracks = new ArrayList<>();
    for (TrackKind kind : TrackKind.values()) {
      for (SelectedTrack track : selected) {
        if (track.kind() == kind) {
          long bitrate = track.bitrate();
          Set<Long> taken = bitrates.computeIfAbsent(kind, k -> new HashSet<>());
          while (!taken.add(bitrate)) {
            bitrate++;
          }
          tracks.add(track(track, name(track, oneLanguage), bitrate));
        }
      }
    }
    return tracks;
  }

  private static Track track(SelectedTrack track, String name, long bitrate) {
    return new Track(
        name,
        bitrate,
        track.kind(),
        track.language(),
        track.track().header(),
        SampleDescriptions.read(track.track().header(), track.kind()),
        track.fragments(),
        track.object(),
        track.purpose());
  }

  private static String name(SelectedTrack track, boolean oneLanguage) {
    var stated = track.manifest().flatMap(ServerManifest.Entry::trackName);
    if (stated.isPresent()) {
      return stated.get();
    }
    return switch (track.kind()) {
      case VIDEO -> "video";
      case AUDIO -> oneLanguage ? "audio" : "audio_" + LanguageTags.threeLetters(track.language());
      case TEXT -> "text_" + LanguageTags.threeLetters(track.language());
    };
  }
}
