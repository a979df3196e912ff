package dev.sluice.origin.delivery;

import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.dash.MpdRenderer;
import dev.sluice.origin.manifest.hls.MediaPlaylist;
import dev.sluice.origin.manifest.hls.MultivariantPlaylist;
import dev.sluice.origin.manifest.smooth.ClientManifest;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Digests;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.OriginRequest;
import java.util.Map;
import java.util.Optional;

/** Answers a request for a manifest of any protocol. */
final class ManifestDelivery {
  private final Resolver resolver;
  private final Presenter presenter;
  private final SharedAnswers shared;

  ManifestDelivery(Resolver resolver, Presenter presenter, SharedAnswers shared) {
    this.resolver = resolver;
    this.presenter = presenter;
    this.shared = shared;
  }

  Answer answer(OriginRequest.Manifest request, Caller caller) {
    var resolved = resolver.resolve(request);
    return shared.answer(
        request,
        caller.secure(),
        resolved,
        () -> render(request, presenter.present(resolved.resolution(), request.tags(), caller)));
  }

  Answer answer(OriginRequest.MediaPlaylist request, Caller caller) {
    var resolved = resolver.resolve(request);
    return shared.answer(
        request,
        caller.secure(),
        resolved,
        () -> render(request, presenter.present(resolved.resolution(), request.tags(), caller)));
  }

  private static Answer render(OriginRequest.Manifest request, Presentation presentation) {
    return switch (request.tags().format().protocol()) {
      case DASH -> answer("application/dash+xml", new MpdRenderer().render(presentation));
      case HLS -> playlist(new MultivariantPlaylist().render(presentation));
      case SMOOTH_STREAMING ->
          answer("application/vnd.ms-sstr+xml", new ClientManifest().render(presentation));
      case PROGRESSIVE_DOWNLOAD ->
          throw new IllegalStateException("protocol: %s".formatted(Protocol.PROGRESSIVE_DOWNLOAD));
    };
  }

  private static Answer render(OriginRequest.MediaPlaylist request, Presentation presentation) {
    return presentation.tracks().stream()
        .filter(presented ->
            presented.track().bitrate() == request.bitrate()
                && presented.track().name().equalsIgnoreCase(request.track()))
        .findFirst()
        .map(presented -> playlist(new MediaPlaylist().render(presentation, presented)))
        .orElseThrow(() -> Resolver.noTrack(request.track(), request.bitrate()));
  }

  private static Answer playlist(byte[] playlist) {
    return answer("application/vnd.apple.mpegurl", playlist);
  }

  private static Answer answer(String contentType, byte[] manifest) {
    return new Answer(
        200,
        contentType,
        Optional.of(new Digests("manifest").add(manifest).etag()),
        Answer.Cache.MANIFEST,
        true,
        Map.of(),
        () -> Body.of(manifest));
  }
}
