package dev.sluice.origin.delivery;

import dev.sluice.crypto.MediaCipher;
import dev.sluice.origin.encrypt.CbcsPass;
import dev.sluice.origin.encrypt.CencPass;
import dev.sluice.origin.encrypt.SamplePass;
import dev.sluice.origin.encrypt.SubsampleMap;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Digests;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.policy.TrackProtection;
import dev.sluice.origin.policy.TrackProtection.Encrypted;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.segment.MediaSegment;
import dev.sluice.origin.segment.ProtectedSamples;
import dev.sluice.origin.segment.SegmentBoxes;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.track.FragmentSamples;
import dev.sluice.origin.track.Track;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Answers a request for a media segment. */
final class SegmentDelivery {
  private final Resolver resolver;
  private final KeyMaterial keys;
  private final ObjectStore store;
  private final Fragments fragments;
  private final MediaCipher cipher;
  private final Envelopes envelopes;

  SegmentDelivery(
      Resolver resolver,
      KeyMaterial keys,
      ObjectStore store,
      Fragments fragments,
      MediaCipher cipher) {
    this.resolver = resolver;
    this.keys = keys;
    this.store = store;
    this.fragments = fragments;
    this.cipher = cipher;
    this.envelopes = new Envelopes(keys, cipher);
  }

  /**
   * A fragment of a track, and how it is asked for.
   *
   * @param keyframe whether its first frame alone
   */
  private record Part(
      Resolver.Resolution resolution,
      Track track,
      int fragment,
      boolean keyframe,
      SegmentBoxes boxes) {}

  Answer answer(OriginRequest.MediaSegment request) {
    var resolution = resolver.resolve(request);
    var track = resolution.requireTrack(request.track(), request.bitrate());
    var part =
        new Part(
            resolution,
            track,
            resolution.requireFragment(track, request.time()),
            request.tags().keyframes(),
            request.tags().format().protocol() == Protocol.SMOOTH_STREAMING
                ? SegmentBoxes.PIFF
                : SegmentBoxes.CMAF);
    var etag = etag(part);
    return switch (resolution.protectionOf(track)) {
      case TrackProtection.Clear() ->
          answer(track, etag.add("clear"), () -> fragmented(part, Optional.empty()));
      case Encrypted encrypted -> {
        keys.addTo(etag, resolution, track, encrypted);
        yield answer(track, etag, body(part, encrypted));
      }
    };
  }

  private static Digests etag(Part part) {
    return new Digests("segment 2")
        .add(part.boxes().name())
        .add(part.keyframe() ? "first frame" : "all frames")
        .add(part.track().object().path())
        .add(part.track().object().revision())
        .add(part.track().header().trackId())
        .add(part.fragment());
  }

  private static Answer answer(Track track, Digests etag, Supplier<Body> body) {
    return new Answer(
        200,
        InitDelivery.contentType(track),
        Optional.of(etag.etag()),
        Answer.Cache.SEGMENT,
        false,
        Map.of(),
        body);
  }

  private Supplier<Body> body(Part part, Encrypted encrypted) {
    if (encrypted.scheme() == Scheme.CBC) {
      var iv = keys.constantIv(part.resolution(), encrypted).orElseThrow();
      return () -> envelopes.around(fragmented(part, Optional.empty()), encrypted.keyId(), iv);
    }
    return () -> fragmented(part, Optional.of(encrypted));
  }

  private Body fragmented(Part part, Optional<Encrypted> encrypted) {
    var object = store.open(part.track().object());
    try {
      var all = fragments.samples(object, part.track(), part.fragment());
      var samples = part.keyframe() ? all.first() : all;
      var protection = encrypted.map(e -> protect(part, e, samples, object));
      return MediaSegment.of(
          part.boxes(), part.track(), part.fragment(), samples, object, protection);
    } catch (RuntimeException e) {
      object.close();
      throw e;
    }
  }

  private ProtectedSamples protect(
      Part part, Encrypted encrypted, FragmentSamples samples, ObjectReader object) {
    var map = fragments.map(object, part.track(), part.fragment(), samples, encrypted.scheme());
    return new ProtectedSamples(map, pass(part, encrypted, map));
  }

  private SamplePass pass(Part part, Encrypted encrypted, SubsampleMap map) {
    try (var key = keys.require(encrypted.keyId())) {
      return switch (encrypted.scheme()) {
        case CENC -> {
          var ivs = keys.cencIvs(part.resolution(), part.track(), encrypted.keyId());
          yield new CencPass(cipher, key, ivs, part.fragment(), map);
        }
        case CBCS ->
            new CbcsPass(
                cipher, key, keys.constantIv(part.resolution(), encrypted).orElseThrow(), map);
        case CBC, CLEAR ->
            throw new IllegalStateException(
                "scheme: %s (expected: one that encrypts samples)".formatted(encrypted.scheme()));
      };
    }
  }
}
