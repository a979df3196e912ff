package dev.sluice.origin.delivery;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.manifest.dash.MpdRenderer;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Digests;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.policy.DeliveryDecision;
import dev.sluice.origin.policy.TrackProtection;
import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.track.Track;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Answers a request for a manifest. */
final class ManifestDelivery {
  private final Resolver resolver;
  private final SignalledSystems systems;

  ManifestDelivery(Resolver resolver, SignalledSystems systems) {
    this.resolver = resolver;
    this.systems = systems;
  }

  Answer answer(OriginRequest.Manifest request, Caller caller) {
    var resolution = resolver.resolve(request);
    var tracks =
        resolution.title().tracks().stream()
            .map(track -> present(track, resolution, caller))
            .toList();
    if (tracks.isEmpty()) {
      throw new CallerFailure(FailureCode.MPE_EGRESS_TRACK_NOT_FOUND, "the asset has no tracks");
    }
    byte[] mpd = new MpdRenderer().render(new Presentation(tracks, request.tags()));
    return new Answer(
        200,
        "application/dash+xml",
        Optional.of(new Digests("mpd").add(mpd).etag()),
        Answer.Cache.MANIFEST,
        true,
        Map.of(),
        () -> Body.of(mpd));
  }

  private PresentedTrack present(Track track, Resolver.Resolution resolution, Caller caller) {
    return switch (resolution.protectionOf(track)) {
      case TrackProtection.Clear() -> new PresentedTrack(track, Optional.empty());
      case TrackProtection.Encrypted encrypted -> {
        var policy = ((DeliveryDecision.Encrypted) resolution.decision()).policy();
        var context =
            new SignalledSystems.Context(
                policy, Protocol.DASH, keyIds(resolution), Optional.empty(), caller.secure());
        yield new PresentedTrack(
            track, Optional.of(systems.signal(encrypted, Optional.empty(), context)));
      }
    };
  }

  private static Set<KeyId> keyIds(Resolver.Resolution resolution) {
    return resolution.title().tracks().stream()
        .map(resolution::protectionOf)
        .flatMap(protection ->
            protection instanceof TrackProtection.Encrypted(_, var keyId)
                ? Stream.of(keyId)
                : Stream.empty())
        .collect(Collectors.toSet());
  }
}
