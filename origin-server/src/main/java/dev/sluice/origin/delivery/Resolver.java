package dev.sluice.origin.delivery;

import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.CacheFigures;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.policy.AppliedFilters;
import dev.sluice.origin.policy.DeliveryDecision;
import dev.sluice.origin.policy.DeliveryPolicies;
import dev.sluice.origin.policy.PublishedAsset;
import dev.sluice.origin.policy.TrackKeys;
import dev.sluice.origin.policy.TrackProtection;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.route.StreamTags;
import dev.sluice.origin.track.Timescales;
import dev.sluice.origin.track.Title;
import dev.sluice.origin.track.Track;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * From a request to what it may have: locator, asset, policies, filters, title. The policies are
 * asked before the media is looked at.
 */
final class Resolver {
  /** What all that is known may take: some 12,000 of it. */
  private static final long LIMIT_BYTES = 8 << 20;

  private static final int ENTRY_BYTES = 600;

  private final Catalog catalog;
  private final Titles titles;
  private final InstantSource clock;
  private final LoadOnceCache<Key, Known> known;

  Resolver(Catalog catalog, Titles titles, InstantSource clock) {
    this.catalog = catalog;
    this.titles = titles;
    this.clock = clock;
    this.known =
        new LoadOnceCache<>("resolutions", LIMIT_BYTES, (Key key, Known _) -> key.weightBytes());
  }

  /**
   * What a request resolves by.
   *
   * @param kind some are possible where others are not
   */
  private record Key(
      Class<? extends OriginRequest> kind, String locator, String manifestName, StreamTags tags) {
    static Key of(OriginRequest.OfPresentation request) {
      return new Key(request.getClass(), request.locator(), request.manifestName(), request.tags());
    }

    int weightBytes() {
      return ENTRY_BYTES + locator.length() + manifestName.length();
    }
  }

  /** What a request resolved to, but for the title, which is kept where titles are. */
  private record Known(
      PublishedAsset published,
      DeliveryDecision decision,
      List<Document.ContentKey> keys,
      List<Document.Filter> filters,
      Standing standing) {
    static Known of(Resolved resolved) {
      var resolution = resolved.resolution();
      return new Known(
          resolution.published(),
          resolution.decision(),
          resolution.keys(),
          resolution.filters(),
          resolved.standing());
    }

    Resolved with(Titles.Kept title) {
      return new Resolved(
          new Resolution(published, title.require(), decision, keys, filters), title, standing);
    }
  }

  /**
   * What a request resolved to.
   *
   * @param title whole, since the fragments of its tracks are counted in it
   * @param keys of the asset, of any type
   * @param filters of asset, locator and URL
   */
  record Resolution(
      PublishedAsset published,
      Title title,
      DeliveryDecision decision,
      List<Document.ContentKey> keys,
      List<Document.Filter> filters) {

    Document.Asset asset() {
      return published.asset();
    }

    /** How one track is protected. */
    TrackProtection protectionOf(Track track) {
      return TrackKeys.protect(TrackTraitsReader.traits(track), decision, keys);
    }

    /** The document of a track's key. */
    Document.ContentKey keyOf(TrackProtection.Encrypted track) {
      return keys.stream()
          .filter(key -> key.id().equals(track.keyId()))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("key: not one of the asset's"));
    }

    /** The policy by which tracks are encrypted. */
    Document.AssetDeliveryPolicy requirePolicy() {
      if (decision instanceof DeliveryDecision.Encrypted(_, var policy)) {
        return policy;
      }
      throw new IllegalStateException("decision: clear (expected: encrypted)");
    }

    /** What filters leave: for manifests. */
    FilteredTitle filtered() {
      return FilteredTitle.filter(title, filters);
    }

    /** The tracks that filters leave, each with the fragments that they leave. */
    List<Track> presentedTracks() {
      return filtered().tracks();
    }

    /** The tracks that filters leave, each with all of its fragments: for segments. */
    List<Track> wholeTracks() {
      return title.tracks().stream().filter(this::leaves).toList();
    }

    /** The track that a URL names, with all of its fragments. */
    Track requireTrack(String name, long bitrate) {
      return title
          .find(name, bitrate)
          .filter(this::leaves)
          .orElseThrow(() -> noTrack(name, bitrate));
    }

    /**
     * The fragment of a track that begins at this time, which filters must leave.
     *
     * @param ticks in the timescale that manifests of the protocol have for the track
     */
    int requireFragment(Track track, long ticks, Protocol protocol) {
      int fragment =
          protocol == Protocol.SMOOTH_STREAMING
              ? track.fragments().find(ticks, Timescales.toSmooth(track))
              : track.fragments().find(ticks);
      if (fragment < 0 || !leaves(track, fragment)) {
        throw new CallerFailure(
            FailureCode.MPE_FRAGMENT_TIMESTAMP_NOT_FOUND,
            "no fragment starts at %d in track %s".formatted(ticks, track.name()));
      }
      return fragment;
    }

    /** Whether filters leave anything of this track of the whole title. */
    boolean leaves(Track track) {
      return FilteredTitle.contains(track, filters);
    }

    /** Whether filters leave this fragment of the whole title. */
    boolean leaves(Track track, int fragment) {
      return FilteredTitle.contains(track, fragment, filters);
    }
  }

  /**
   * What a request resolved to, and while what that holds.
   *
   * @param title as it was found, and no other later
   */
  record Resolved(Resolution resolution, Titles.Kept title, Standing standing) {}

  /**
   * Resolves a request, or refuses it. What one resolved to holds for others while its {@link
   * Standing} does; refusals are found anew for each.
   */
  Resolved resolve(OriginRequest.OfPresentation request) {
    return find(request)
        .orElseGet(() -> {
          var resolved = resolveAnew(request);
          known.put(Key.of(request), Known.of(resolved));
          return resolved;
        });
  }

  /** What a request resolves to, where that is known and holds. Does not block. */
  Optional<Resolved> find(OriginRequest.OfPresentation request) {
    return known.find(Key.of(request), it -> it.standing().find().map(it::with));
  }

  private Resolved resolveAnew(OriginRequest.OfPresentation request) {
    var edition = catalog.edition();
    var published = PublishedAsset.resolve(catalog, request.locator(), clock.instant());
    var asset = published.asset();
    var decision =
        DeliveryPolicies.decide(
            catalog,
            asset,
            request.tags().format().protocol(),
            request.tags().encryption().map(StreamTags.Encryption::scheme));
    if (!asset.accessPolicies().isEmpty()) {
      throw new ServerFailure(
          FailureCode.NOT_IMPLEMENTED,
          "the policies allow it, but this server cannot do it: access policies on an asset");
    }
    PossibleAnswers.require(request, decision);
    var filters = AppliedFilters.resolve(catalog, published, request.tags().filters());
    var kept = titles.look(asset);
    var title = kept.require();
    if (!title.manifestName().equals(request.manifestName())) {
      throw new CallerFailure(
          FailureCode.MPE_RESOURCE_NOT_FOUND, "the asset has no server manifest of this name");
    }
    var resolution = new Resolution(published, title, decision, keysOf(asset), filters);
    var tags = request.tags();
    if (request instanceof OriginRequest.Manifest) {
      PossibleAnswers.requireOneKeyInSmooth(tags.format(), resolution);
      PossibleAnswers.requireOneKeyInMuxed(tags.format(), tags.audioTrack(), resolution);
    }
    return new Resolved(
        resolution, kept, new Standing(catalog, clock, titles, edition, kept, published.locator()));
  }

  /** For metrics. */
  CacheFigures figures() {
    return known;
  }

  /** When a fragment begins, in the timescale that manifests of the protocol have for the track. */
  static long ticks(Track track, int fragment, Protocol protocol) {
    long ticks = track.fragments().startTicks(fragment);
    return protocol == Protocol.SMOOTH_STREAMING
        ? Timescales.toSmooth(track).convert(ticks)
        : ticks;
  }

  /** The refusal of a track that is not there. */
  static CallerFailure noTrack(String name, long bitrate) {
    return new CallerFailure(
        FailureCode.MPE_EGRESS_TRACK_NOT_FOUND,
        "no track has this name and bitrate: %s, %d".formatted(name, bitrate));
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
}
