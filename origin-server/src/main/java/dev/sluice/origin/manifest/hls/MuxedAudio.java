package dev.sluice.origin.manifest.hls;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.track.Track;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The audio that is in the segments of video, in the format that has it there. */
public final class MuxedAudio {
  private MuxedAudio() {}

  /**
   * The audio among these tracks that {@code audiotrack=} names, without regard to case. Where
   * there is no such tag: the first that does not describe the pictures, else the first.
   *
   * @throws CallerFailure if there is no track of that name
   */
  public static Optional<Track> choose(List<Track> tracks, Optional<String> name) {
    var audio = tracks.stream().filter(track -> track.kind() == TrackKind.AUDIO).toList();
    if (name.isEmpty()) {
      return audio.stream().min(Comparator.comparing(track -> track.purpose().describesVideo()));
    }
    return Optional.of(
        audio.stream()
            .filter(track -> track.name().equalsIgnoreCase(name.get()))
            .findFirst()
            .orElseThrow(() ->
                new CallerFailure(
                    FailureCode.MPE_EGRESS_TRACK_NOT_FOUND,
                    "audiotrack: (expected: the name of an audio track)")));
  }

  /** The chosen one of a presentation; empty where audio has segments of its own, or is none. */
  static Optional<PresentedTrack> of(Presentation presentation) {
    if (!HlsFormat.of(presentation.tags()).isMuxed()) {
      return Optional.empty();
    }
    var tracks = presentation.tracks().stream().map(PresentedTrack::track).toList();
    return choose(tracks, presentation.tags().audioTrack())
        .flatMap(chosen ->
            presentation.tracks().stream().filter(p -> p.track().equals(chosen)).findFirst());
  }

  /**
   * The audio that a video track's segments hold.
   *
   * @throws CallerFailure if the two are not protected alike
   */
  static Optional<PresentedTrack> with(PresentedTrack video, Presentation presentation) {
    var audio = of(presentation);
    if (audio.isPresent() && !audio.get().protection().equals(video.protection())) {
      throw new CallerFailure(
          FailureCode.MPE_ENC_ENCRYPTION_NOT_SUPPORTED,
          "format: m3u8-aapl-v3 (expected: m3u8-aapl or m3u8-cmaf, since video and audio of the"
              + " asset do not have the same key)");
    }
    return audio;
  }
}
