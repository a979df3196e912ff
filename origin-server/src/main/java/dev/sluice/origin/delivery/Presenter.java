package dev.sluice.origin.delivery;

import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.policy.DeliveryDecision;
import dev.sluice.origin.policy.TrackProtection;
import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.StreamTags;
import dev.sluice.origin.track.Track;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a manifest shows of what a request resolved to: tracks, and what is signalled of each. */
final class Presenter {
  private final SignalledSystems systems;
  private final KeyMaterial keys;

  Presenter(SignalledSystems systems, KeyMaterial keys) {
    this.systems = systems;
    this.keys = keys;
  }

  /** Presents the tracks that filters leave. */
  Presentation present(Resolver.Resolution resolution, StreamTags tags, Caller caller) {
    var filtered = resolution.filtered();
    var tracks = filtered.tracks();
    if (tracks.isEmpty()) {
      throw new CallerFailure(FailureCode.MPE_EGRESS_TRACK_NOT_FOUND, "the asset has no tracks");
    }
    return new Presentation(
        switch (resolution.decision()) {
          case DeliveryDecision.Clear() ->
              tracks.stream().map(track -> new PresentedTrack(track, Optional.empty())).toList();
          case DeliveryDecision.Encrypted(_, var policy) -> {
            var context =
                new SignalledSystems.Context(
                    policy,
                    tags.format().protocol(),
                    keyIds(tracks, resolution),
                    resolution
                        .published()
                        .locator()
                        .flatMap(Document.StreamingLocator::alternativeMediaId),
                    caller.secure());
            yield tracks.stream().map(track -> present(track, resolution, context)).toList();
          }
        },
        tags,
        filtered.firstQuality());
  }

  private PresentedTrack present(
      Track track, Resolver.Resolution resolution, SignalledSystems.Context context) {
    return switch (resolution.protectionOf(track)) {
      case TrackProtection.Clear() -> new PresentedTrack(track, Optional.empty());
      case TrackProtection.Encrypted encrypted ->
          new PresentedTrack(
              track,
              Optional.of(
                  systems.signal(encrypted, keys.constantIv(resolution, encrypted), context)));
    };
  }

  private static Set<KeyId> keyIds(List<Track> tracks, Resolver.Resolution resolution) {
    return tracks.stream()
        .map(resolution::protectionOf)
        .flatMap(protection ->
            protection instanceof TrackProtection.Encrypted(_, var keyId)
                ? Stream.of(keyId)
                : Stream.empty())
        .collect(Collectors.toSet());
  }
}
