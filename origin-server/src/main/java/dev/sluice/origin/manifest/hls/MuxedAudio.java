package dev.sluice.origin.manifest.hls;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.media.TrackKind;
import java.util.Optional;

/** The audio that is in the segments of video, in the format that has it there. */
final class MuxedAudio {
  private MuxedAudio() {}

  /**
   * The track that {@code audiotrack=} names, without regard to case; the first where there is no
   * such tag. Empty where audio has segments of its own, or there is none.
   *
   * @throws CallerFailure if there is no track of that name
   */
  static Optional<PresentedTrack> of(Presentation presentation) {
    if (!HlsFormat.of(presentation.tags()).isMuxed()) {
      return Optional.empty();
    }
    var audio =
        presentation.tracks().stream().filter(p -> p.track().kind() == TrackKind.AUDIO).toList();
    var name = presentation.tags().audioTrack();
    if (name.isEmpty()) {
      return audio.stream().findFirst();
    }
    return Optional.of(
        audio.stream()
            .filter(p -> p.track().name().equalsIgnoreCase(name.get()))
            .findFirst()
            .orElseThrow(() ->
                new CallerFailure(
                    FailureCode.MPE_EGRESS_TRACK_NOT_FOUND,
                    "audiotrack: (expected: the name of an audio track)")));
  }

  /**
   * The audio that a video track's segments hold.
   *
   * @throws CallerFailure if the two are not protected alike: a segment has one key
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
