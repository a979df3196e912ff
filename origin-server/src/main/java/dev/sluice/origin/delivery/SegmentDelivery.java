package dev.sluice.origin.delivery;

import dev.sluice.crypto.MediaCipher;
import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.encrypt.CencIvs;
import dev.sluice.origin.encrypt.CencPass;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Digests;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.policy.TrackProtection;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.segment.MediaSegment;
import dev.sluice.origin.segment.ProtectedSamples;
import dev.sluice.origin.segment.SegmentBoxes;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.track.Track;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Answers a request for a media segment. */
final class SegmentDelivery {
  /** Names the way in which samples are laid out; another layout needs other IVs. */
  private static final String LAYOUT = "cenc 1";

  private final Resolver resolver;
  private final Catalog catalog;
  private final ObjectStore store;
  private final Fragments fragments;
  private final MediaCipher cipher;

  SegmentDelivery(
      Resolver resolver,
      Catalog catalog,
      ObjectStore store,
      Fragments fragments,
      MediaCipher cipher) {
    this.resolver = resolver;
    this.catalog = catalog;
    this.store = store;
    this.fragments = fragments;
    this.cipher = cipher;
  }

  Answer answer(OriginRequest.MediaSegment request) {
    var resolution = resolver.resolve(request);
    var track = Resolver.requireTrack(resolution.title(), request.track(), request.bitrate());
    int fragment = requireFragment(track, request.time());
    var etag =
        new Digests("segment 1")
            .add(track.object().path())
            .add(track.object().revision())
            .add(track.header().trackId())
            .add(fragment);
    return switch (resolution.protectionOf(track)) {
      case TrackProtection.Clear() ->
          answer(track, etag.add("clear").etag(), () -> clear(track, fragment));
      case TrackProtection.Encrypted(_, var keyId) -> {
        var ivs = ivs(resolution.asset().name(), track, keyId);
        // The IVs depend on the key's value, so the tag changes with it.
        etag.add("cenc").add(keyId.bytes()).add(ivs.base());
        yield answer(track, etag.etag(), () -> cenc(track, fragment, keyId, ivs));
      }
    };
  }

  private static int requireFragment(Track track, long ticks) {
    int fragment = track.fragments().find(ticks);
    if (fragment < 0) {
      throw new CallerFailure(
          FailureCode.MPE_FRAGMENT_TIMESTAMP_NOT_FOUND,
          "no fragment starts at %d in track %s".formatted(ticks, track.name()));
    }
    return fragment;
  }

  private static Answer answer(Track track, String etag, Supplier<Body> body) {
    return new Answer(
        200,
        InitDelivery.contentType(track),
        Optional.of(etag),
        Answer.Cache.SEGMENT,
        false,
        Map.of(),
        body);
  }

  private Body clear(Track track, int fragment) {
    var object = store.open(track.object());
    try {
      var samples = fragments.samples(object, track, fragment);
      return MediaSegment.of(SegmentBoxes.CMAF, track, fragment, samples, object, Optional.empty());
    } catch (RuntimeException e) {
      object.close();
      throw e;
    }
  }

  private Body cenc(Track track, int fragment, KeyId keyId, CencIvs ivs) {
    // The key first: it can be refused, and a reader once open has to be closed.
    try (var key = requireKey(keyId)) {
      var object = store.open(track.object());
      try {
        return cenc(track, fragment, key, ivs, object);
      } catch (RuntimeException e) {
        object.close();
        throw e;
      }
    }
  }

  private Body cenc(Track track, int fragment, ContentKey key, CencIvs ivs, ObjectReader object) {
    var samples = fragments.samples(object, track, fragment);
    var map = fragments.map(object, track, fragment, samples, Scheme.CENC);
    var pass = new CencPass(cipher, key, ivs, fragment, map);
    return MediaSegment.of(
        SegmentBoxes.CMAF,
        track,
        fragment,
        samples,
        object,
        Optional.of(new ProtectedSamples(map, pass)));
  }

  private CencIvs ivs(String asset, Track track, KeyId keyId) {
    try (var key = requireKey(keyId)) {
      return CencIvs.of(
          key,
          asset,
          track.object().path() + ' ' + track.object().revision(),
          track.kind() + " " + track.header().trackId(),
          LAYOUT);
    }
  }

  private ContentKey requireKey(KeyId keyId) {
    return catalog
        .unwrap(keyId)
        .orElseThrow(() ->
            new ServerFailure(
                FailureCode.INTERNAL_ERROR, "the content key of the track is not there"));
  }
}
