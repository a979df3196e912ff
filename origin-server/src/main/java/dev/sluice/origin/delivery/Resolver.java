package dev.sluice.origin.delivery;

import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.policy.DeliveryDecision;
import dev.sluice.origin.policy.DeliveryPolicies;
import dev.sluice.origin.policy.PublishedAsset;
import dev.sluice.origin.policy.TrackKeys;
import dev.sluice.origin.policy.TrackProtection;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.route.StreamTags;
import dev.sluice.origin.track.Title;
import dev.sluice.origin.track.Track;
import java.time.InstantSource;
import java.util.List;

/**
 * From a request to what it may have: locator, asset, policies, title. The policies are asked
 * before the media is looked at, and before anything is said of what is not built.
 */
final class Resolver {
  private final Catalog catalog;
  private final Titles titles;
  private final InstantSource clock;

  Resolver(Catalog catalog, Titles titles, InstantSource clock) {
    this.catalog = catalog;
    this.titles = titles;
    this.clock = clock;
  }

  /** What a request resolved to. */
  record Resolution(
      Document.Asset asset,
      Title title,
      DeliveryDecision decision,
      List<Document.ContentKey> keys) {

    /** How one track is protected. */
    TrackProtection protectionOf(Track track) {
      return TrackKeys.protect(TrackTraitsReader.traits(track), decision, keys);
    }
  }

  /** Resolves a request, or refuses it. */
  Resolution resolve(OriginRequest.OfPresentation request) {
    var published = PublishedAsset.resolve(catalog, request.locator(), clock.instant());
    var asset = published.asset();
    var decision =
        DeliveryPolicies.decide(
            catalog,
            asset,
            request.tags().format().protocol(),
            request.tags().encryption().map(StreamTags.Encryption::scheme));
    requireBuilt(request, published, decision);
    var title = titles.require(asset);
    if (!title.manifestName().equals(request.manifestName())) {
      throw new CallerFailure(
          FailureCode.MPE_RESOURCE_NOT_FOUND, "the asset has no server manifest of this name");
    }
    return new Resolution(asset, title, decision, keysOf(asset));
  }

  /** The track that a URL names. */
  static Track requireTrack(Title title, String name, long bitrate) {
    return title
        .find(name, bitrate)
        .orElseThrow(() ->
            new CallerFailure(
                FailureCode.MPE_EGRESS_TRACK_NOT_FOUND,
                "no track has this name and bitrate: %s, %d".formatted(name, bitrate)));
  }

  private List<Document.ContentKey> keysOf(Document.Asset asset) {
    return asset.contentKeys().stream()
        .map(id ->
            catalog
                .findContentKey(id)
                .orElseThrow(() ->
                    new ServerFailure(
                        FailureCode.INTERNAL_ERROR,
                        "a content key of the asset is not in the catalog")))
        .toList();
  }

  private static void requireBuilt(
      OriginRequest.OfPresentation request, PublishedAsset published, DeliveryDecision decision) {
    var asset = published.asset();
    if (!asset.accessPolicies().isEmpty()) {
      throw notBuilt("access policies on an asset");
    }
    if (request.tags().format().protocol() != Protocol.DASH) {
      throw notBuilt("the format " + request.tags().format());
    }
    boolean filtered =
        !request.tags().filters().isEmpty()
            || !asset.filters().isEmpty()
            || published.locator().filter(locator -> !locator.filters().isEmpty()).isPresent();
    if (filtered) {
      throw notBuilt("filters");
    }
    if (decision instanceof DeliveryDecision.Encrypted encrypted
        && encrypted.scheme() != Scheme.CENC) {
      throw notBuilt("the scheme " + encrypted.scheme());
    }
  }

  private static ServerFailure notBuilt(String what) {
    return new ServerFailure(
        FailureCode.NOT_IMPLEMENTED,
        "the policies allow it, but this server cannot do it: " + what);
  }
}
