package dev.sluice.origin.delivery;

import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.encrypt.CencIvs;
import dev.sluice.origin.encrypt.ConstantIv;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.Digests;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.policy.KeyIvs;
import dev.sluice.origin.policy.TrackProtection.Encrypted;
import dev.sluice.origin.track.Track;
import java.util.Optional;

/** The content keys of requests, unwrapped when they are needed, and the IVs that go with them. */
final class KeyMaterial {
  /** Names the way in which samples are laid out; another layout needs other IVs. */
  private static final String LAYOUT = "cenc 1";

  private final Catalog catalog;

  KeyMaterial(Catalog catalog) {
    this.catalog = catalog;
  }

  /** A key's value. Ownership: the caller closes it. */
  ContentKey require(KeyId keyId) {
    return catalog
        .unwrap(keyId)
        .orElseThrow(() ->
            new ServerFailure(
                FailureCode.INTERNAL_ERROR, "the content key of the track is not there"));
  }

  /**
   * The IVs of a track's samples under {@code cenc}: the same in every protocol.
   *
   * @param key of the track; borrowed
   */
  static CencIvs cencIvs(Resolver.Resolution resolution, Track track, ContentKey key) {
    return CencIvs.of(
        key,
        resolution.asset().name(),
        track.object().path() + ' ' + track.object().revision(),
        track.kind() + " " + track.header().trackId(),
        LAYOUT);
  }

  /**
   * The IV that is the same for all of an asset: the one that the documents state, else one derived
   * from the key. Empty with {@code cenc}, which has none.
   */
  Optional<Bytes> constantIv(Resolver.Resolution resolution, Encrypted track) {
    if (track.scheme() == Scheme.CENC) {
      return Optional.empty();
    }
    return explicitIv(resolution, track)
        .or(() -> {
          try (var key = require(track.keyId())) {
            return Optional.of(derivedIv(resolution, track, key));
          }
        });
  }

  /**
   * The same with {@code CBC} and {@code CBCS}, which have one.
   *
   * @param key of the track; borrowed
   */
  static Bytes constantIv(Resolver.Resolution resolution, Encrypted track, ContentKey key) {
    return explicitIv(resolution, track).orElseGet(() -> derivedIv(resolution, track, key));
  }

  /** Adds everything of a track's encryption that its bytes depend on, the key's value included. */
  void addTo(Digests etag, Resolver.Resolution resolution, Track track, Encrypted encrypted) {
    etag.add(encrypted.scheme().name()).add(encrypted.keyId().bytes());
    try (var key = require(encrypted.keyId())) {
      if (encrypted.scheme() == Scheme.CENC) {
        etag.add(cencIvs(resolution, track, key).base());
      } else {
        // What is derived tells keys apart where the IV is a stated one.
        Bytes derived = derivedIv(resolution, encrypted, key);
        etag.add(derived.toArray());
        etag.add(explicitIv(resolution, encrypted).orElse(derived).toArray());
      }
    }
  }

  private static Optional<Bytes> explicitIv(Resolver.Resolution resolution, Encrypted track) {
    return KeyIvs.explicit(resolution.keyOf(track), resolution.requirePolicy());
  }

  private static Bytes derivedIv(Resolver.Resolution resolution, Encrypted track, ContentKey key) {
    return ConstantIv.of(key, track.scheme(), resolution.asset().name());
  }
}
