package dev.sluice.origin.delivery;

import dev.sluice.crypto.MediaCipher;
import dev.sluice.origin.drm.CommonPssh;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.Digests;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.policy.TrackProtection;
import dev.sluice.origin.policy.TrackProtection.Encrypted;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.segment.InitSegment;
import dev.sluice.origin.segment.TrackEncryption;
import dev.sluice.origin.track.Track;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers a request for an init segment. Of segments that are encrypted as a whole it is encrypted
 * too in DASH, as clients of {@code sea} expect, and clear in HLS, whose playlists name it before
 * the key.
 */
final class InitDelivery {
  private static final List<String> BRANDS = List.of("iso6", "dash");
  private static final List<String> CMAF_BRANDS = List.of("cmfc", "iso6", "dash");

  private final Resolver resolver;
  private final KeyMaterial keys;
  private final Envelopes envelopes;
  private final SharedAnswers shared;

  InitDelivery(Resolver resolver, KeyMaterial keys, MediaCipher cipher, SharedAnswers shared) {
    this.resolver = resolver;
    this.keys = keys;
    this.envelopes = new Envelopes(keys, cipher);
    this.shared = shared;
  }

  Answer answer(OriginRequest.InitSegment request) {
    var resolved = resolver.resolve(request);
    return shared.answer(
        request, /* secure= */ false, resolved, () -> make(request, resolved.resolution()));
  }

  private Answer make(OriginRequest.InitSegment request, Resolver.Resolution resolution) {
    var track = resolution.requireTrack(request.track(), request.bitrate());
    var protection = resolution.protectionOf(track);
    var format = request.tags().format();
    var marks = marks(resolution, track, protection);
    byte[] init = InitSegment.write(track.header(), brands(format), marks, pssh(format, marks));
    var etag = new Digests("init").add(init);
    if (protection instanceof Encrypted encrypted && isEnveloped(request, encrypted)) {
      keys.addTo(etag, resolution, track, encrypted);
      return answer(track, etag, () -> envelopes.around(Body.of(init), resolution, encrypted));
    }
    return answer(track, etag, () -> Body.of(init));
  }

  private static boolean isEnveloped(OriginRequest.InitSegment request, Encrypted encrypted) {
    return switch (encrypted.scheme()) {
      case CBC -> request.tags().format().protocol() == Protocol.DASH;
      case CENC, CBCS, CLEAR -> false;
    };
  }

  /** What the sample entries say; nothing where whole answers are encrypted. */
  private Optional<TrackEncryption> marks(
      Resolver.Resolution resolution, Track track, TrackProtection protection) {
    return switch (protection) {
      case TrackProtection.Clear() -> Optional.empty();
      case Encrypted encrypted ->
          switch (encrypted.scheme()) {
            case CENC -> Optional.of(TrackEncryption.cenc(encrypted.keyId()));
            case CBCS ->
                Optional.of(
                    TrackEncryption.cbcs(
                        encrypted.keyId(),
                        keys.constantIv(resolution, encrypted).orElseThrow(),
                        track.kind() == TrackKind.AUDIO));
            case CBC -> Optional.empty();
            case CLEAR -> throw new IllegalStateException("encrypted: as CLEAR");
          };
    };
  }

  /** HLS has no place for it but here, and some players ask for a ClearKey licence by it alone. */
  private static List<Bytes> pssh(Format format, Optional<TrackEncryption> marks) {
    return format == Format.HLS_CMAF
        ? marks.map(m -> CommonPssh.of(List.of(m.keyId()))).stream().toList()
        : List.of();
  }

  private static List<String> brands(Format format) {
    return format == Format.DASH_CSF ? BRANDS : CMAF_BRANDS;
  }

  private static Answer answer(Track track, Digests etag, Supplier<Body> body) {
    return new Answer(
        200,
        contentType(track),
        Optional.of(etag.etag()),
        Answer.Cache.SEGMENT,
        false,
        Map.of(),
        body);
  }

  static String contentType(Track track) {
    return track.kind() == TrackKind.AUDIO ? "audio/mp4" : "video/mp4";
  }
}
