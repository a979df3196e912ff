package dev.sluice.origin.delivery;

import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Digests;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.policy.TrackProtection;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.segment.InitSegment;
import dev.sluice.origin.segment.TrackEncryption;
import dev.sluice.origin.track.Track;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers a request for an init segment. */
final class InitDelivery {
  private static final List<String> BRANDS = List.of("iso6", "dash");
  private static final List<String> CMAF_BRANDS = List.of("cmfc", "iso6", "dash");

  private final Resolver resolver;

  InitDelivery(Resolver resolver) {
    this.resolver = resolver;
  }

  Answer answer(OriginRequest.InitSegment request) {
    var resolution = resolver.resolve(request);
    var track = Resolver.requireTrack(resolution.title(), request.track(), request.bitrate());
    Optional<TrackEncryption> encryption =
        switch (resolution.protectionOf(track)) {
          case TrackProtection.Clear() -> Optional.empty();
          case TrackProtection.Encrypted(_, var keyId) -> Optional.of(TrackEncryption.cenc(keyId));
        };
    var brands = request.tags().format() == Format.DASH_CMAF ? CMAF_BRANDS : BRANDS;
    byte[] init = InitSegment.write(track.header(), brands, encryption);
    return new Answer(
        200,
        contentType(track),
        Optional.of(new Digests("init").add(init).etag()),
        Answer.Cache.SEGMENT,
        false,
        Map.of(),
        () -> Body.of(init));
  }

  static String contentType(Track track) {
    return track.kind() == TrackKind.AUDIO ? "audio/mp4" : "video/mp4";
  }
}
