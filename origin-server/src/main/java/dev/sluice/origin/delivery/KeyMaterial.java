package dev.sluice.origin.delivery;

import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.catalog.KeyVersion;
import dev.sluice.origin.encrypt.CencIvs;
import dev.sluice.origin.encrypt.ConstantIv;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.CacheFigures;
import dev.sluice.origin.media.Digests;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.policy.KeyIvs;
import dev.sluice.origin.policy.TrackProtection.Encrypted;
import dev.sluice.origin.track.Track;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The content keys of requests, unwrapped when they are needed, and the IVs that go with them. */
final class KeyMaterial {
  /** Names the way in which samples are laid out; another layout needs other IVs. */
  private static final String LAYOUT = "cenc 1";

  /** What all IVs may take: some 15,000. */
  private static final long LIMIT_BYTES = 8 << 20;

  private static final int ENTRY_BYTES = 500;

  private final Catalog catalog;
  private final LoadOnceCache<Derivation, Bytes> derived =
      new LoadOnceCache<>("ivs", LIMIT_BYTES, (Derivation of, Bytes _) -> of.weightBytes());

  KeyMaterial(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * What an IV is derived from, which tells nothing of the key. The IV is no secret either: it
   * leaves with what it was used for.
   *
   * @param version of the key
   * @param media the object and the track in it with {@code CENC}, nothing with the others
   */
  private record Derivation(KeyVersion version, Scheme scheme, String asset, List<String> media) {
    int weightBytes() {
      return ENTRY_BYTES + asset.length() + media.stream().mapToInt(String::length).sum();
    }
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
    return CencIvs.of(key, resolution.asset().name(), media(track), trackOf(track), LAYOUT);
  }

  private static String media(Track track) {
    return track.object().path() + ' ' + track.object().revision();
  }

  private static String trackOf(Track track) {
    return track.kind() + " " + track.header().trackId();
  }

  /**
   * The IV that is the same for all of an asset: the one that the documents state, else one derived
   * from the key. Empty with {@code cenc}, which has none.
   */
  Optional<Bytes> constantIv(Resolver.Resolution resolution, Encrypted track) {
    if (track.scheme() == Scheme.CENC) {
      return Optional.empty();
    }
    return explicitIv(resolution, track).or(() -> Optional.of(derivedIv(resolution, track)));
  }

  /** The same as {@link #cencIvs(Resolver.Resolution, Track, ContentKey)}, without the key. */
  CencIvs cencIvs(Resolver.Resolution resolution, Track track, Encrypted encrypted) {
    Bytes base =
        derive(
            encrypted,
            resolution,
            List.of(media(track), trackOf(track)),
            key -> CencIvs.bytes(cencIvs(resolution, track, key).base()));
    return new CencIvs(base.asBuffer().getLong());
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
    if (encrypted.scheme() == Scheme.CENC) {
      etag.add(cencIvs(resolution, track, encrypted).base());
    } else {
      // What is derived tells keys apart where the IV is a stated one.
      Bytes derivedIv = derivedIv(resolution, encrypted);
      etag.add(derivedIv.toArray());
      etag.add(explicitIv(resolution, encrypted).orElse(derivedIv).toArray());
    }
  }

  /** For metrics. */
  CacheFigures figures() {
    return derived;
  }

  private Bytes derivedIv(Resolver.Resolution resolution, Encrypted track) {
    return derive(track, resolution, List.of(), key -> derivedIv(resolution, track, key));
  }

  /** What is derived from a key, once for each version of it. */
  private Bytes derive(
      Encrypted encrypted,
      Resolver.Resolution resolution,
      List<String> media,
      Function<ContentKey, Bytes> derive) {
    KeyId keyId = encrypted.keyId();
    Optional<KeyVersion> version = catalog.keyVersion(keyId);
    Optional<Derivation> of =
        version.map(it -> new Derivation(it, encrypted.scheme(), resolution.asset().name(), media));
    Optional<Bytes> kept = of.flatMap(it -> derived.find(it, Optional::of));
    if (kept.isPresent()) {
      return kept.get();
    }
    try (var key = require(keyId)) {
      Bytes value = derive.apply(key);
      // Not of a key that changed meanwhile: whose value it was is not known then.
      if (of.isPresent() && catalog.keyVersion(keyId).equals(version)) {
        derived.put(of.get(), value);
      }
      return value;
    }
  }

  private static Optional<Bytes> explicitIv(Resolver.Resolution resolution, Encrypted track) {
    return KeyIvs.explicit(resolution.keyOf(track), resolution.requirePolicy());
  }

  private static Bytes derivedIv(Resolver.Resolution resolution, Encrypted track, ContentKey key) {
    return ConstantIv.of(key, track.scheme(), resolution.asset().name());
  }
}
