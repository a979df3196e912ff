package dev.sluice.origin.delivery;

import dev.sluice.crypto.MediaCipher;
import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.catalog.Document.KeyDeliveryType;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.license.KeyAnswers;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.CacheFigures;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.storage.ObjectStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Answers every request: one line for each kind. */
public final class OriginService {
  private final ManifestDelivery manifests;
  private final InitDelivery inits;
  private final SegmentDelivery segments;
  private final DownloadDelivery downloads;
  private final KeyAnswers keys;
  private final PlayerDelivery player;
  private final SharedAnswers shared;
  private final List<CacheFigures> figures;

  /** Answers whose player page lists no assets. */
  public OriginService(
      Catalog catalog,
      ObjectStore store,
      Titles titles,
      Fragments fragments,
      MediaCipher cipher,
      KeyAnswers keys,
      PublicUrls publicUrls,
      InstantSource clock) {
    this(
        catalog,
        store,
        titles,
        fragments,
        cipher,
        keys,
        publicUrls,
        clock,
        /* listsAssets= */ false,
        Caches.DEFAULT);
  }

  /**
   * Answers.
   *
   * @param listsAssets whether the player page lists all assets to everybody
   * @param caches what is kept in memory
   */
  public OriginService(
      Catalog catalog,
      ObjectStore store,
      Titles titles,
      Fragments fragments,
      MediaCipher cipher,
      KeyAnswers keys,
      PublicUrls publicUrls,
      InstantSource clock,
      boolean listsAssets,
      Caches caches) {
    var resolver = new Resolver(catalog, titles, clock);
    var material = new KeyMaterial(catalog);
    this.shared = new SharedAnswers(catalog, caches.answerBytes());
    this.manifests =
        new ManifestDelivery(
            resolver, new Presenter(new SignalledSystems(catalog, publicUrls), material), shared);
    this.inits = new InitDelivery(resolver, material, cipher, shared);
    var encrypted = new SegmentCache(caches.segmentBytes());
    this.segments = new SegmentDelivery(resolver, material, store, fragments, cipher, encrypted);
    this.downloads = new DownloadDelivery(catalog, store, clock);
    this.keys = keys;
    this.figures =
        List.of(
            shared.figures(),
            resolver.figures(),
            material.figures(),
            segments.figures(),
            encrypted.figures());
    this.player = new PlayerDelivery(new StreamingUrls(catalog, titles), listsAssets);
  }

  /**
   * Answers a request. May block.
   *
   * @throws dev.sluice.origin.failure.Failure if it is not served
   */
  public Answer answer(OriginRequest request, Caller caller) {
    return switch (request) {
      case OriginRequest.Manifest r -> manifests.answer(r, caller);
      case OriginRequest.InitSegment r -> inits.answer(r);
      case OriginRequest.MediaSegment r -> segments.answer(r, caller);
      case OriginRequest.KeyDelivery r -> keyDelivery(r, caller);
      case OriginRequest.Player r -> player.answer(r);
      case OriginRequest.MediaPlaylist r -> manifests.answer(r, caller);
      case OriginRequest.Download r -> downloads.answer(r);
      case OriginRequest.Videos _ ->
          throw new ServerFailure(FailureCode.NOT_IMPLEMENTED, "/videos is not built");
    };
  }

  /**
   * The answer to a request, where it is in memory and {@link #answer} would give the same now.
   * Does not block.
   */
  public Optional<Answer> atHand(OriginRequest request, Caller caller) {
    if (caller.token().isPresent()) {
      return Optional.empty();
    }
    return switch (request) {
      case OriginRequest.Manifest r -> shared.find(r, caller.secure());
      case OriginRequest.MediaPlaylist r -> shared.find(r, caller.secure());
      case OriginRequest.InitSegment r -> shared.find(r, /* secure= */ false);
      case OriginRequest.MediaSegment r -> segments.atHand(r, caller);
      case OriginRequest.KeyDelivery _,
          OriginRequest.Player _,
          OriginRequest.Download _,
          OriginRequest.Videos _ ->
          Optional.empty();
    };
  }

  /** The caches of answers, for metrics. */
  public List<CacheFigures> figures() {
    return figures;
  }

  private Answer keyDelivery(OriginRequest.KeyDelivery request, Caller caller) {
    keys.requireTransport(caller.secure(), caller.loopback());
    return switch (request.service()) {
      case CLEAR_KEY -> keys.clearKey(request.keyId(), request.body(), caller.token());
      case BASELINE_HTTP -> keys.baseline(requireKeyId(request), caller.token());
      case PLAY_READY -> license(KeyDeliveryType.PLAY_READY_LICENSE, request, caller);
      case WIDEVINE -> license(KeyDeliveryType.WIDEVINE, request, caller);
      case FAIR_PLAY -> license(KeyDeliveryType.FAIR_PLAY, request, caller);
    };
  }

  private Answer license(KeyDeliveryType type, OriginRequest.KeyDelivery request, Caller caller) {
    return keys.license(type, requireKeyId(request), caller.token());
  }

  private static KeyId requireKeyId(OriginRequest.KeyDelivery request) {
    return request
        .keyId()
        .orElseThrow(() ->
            new CallerFailure(
                FailureCode.BAD_REQUEST, "kid: absent (expected: a GUID in the query)"));
  }
}
