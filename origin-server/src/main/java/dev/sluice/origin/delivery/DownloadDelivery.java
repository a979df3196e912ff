package dev.sluice.origin.delivery;

import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Digests;
import dev.sluice.origin.media.FileBytes;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.policy.AppliedFilters;
import dev.sluice.origin.policy.DeliveryPolicies;
import dev.sluice.origin.policy.PublishedAsset;
import dev.sluice.origin.policy.TrackFilters;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.storage.StoredObject;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Answers a request for a file as it is stored: progressive download.
 *
 * <p>Served are the media, caption and picture files that lie directly in the asset's container,
 * whether a track lies in them or not; never server manifests, indexes, or hidden files. A file
 * holds what filters take away, so an asset or locator with filters that take anything away is not
 * downloaded from.
 */
final class DownloadDelivery {
  private static final Map<String, String> CONTENT_TYPES =
      Map.ofEntries(
          Map.entry("mp4", "video/mp4"),
          Map.entry("m4v", "video/mp4"),
          Map.entry("cmfv", "video/mp4"),
          Map.entry("ismv", "video/mp4"),
          Map.entry("mov", "video/quicktime"),
          Map.entry("webm", "video/webm"),
          Map.entry("ts", "video/mp2t"),
          Map.entry("m4a", "audio/mp4"),
          Map.entry("cmfa", "audio/mp4"),
          Map.entry("isma", "audio/mp4"),
          Map.entry("aac", "audio/aac"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("cmft", "application/mp4"),
          Map.entry("vtt", "text/vtt"),
          Map.entry("srt", "application/x-subrip"),
          Map.entry("ttml", "application/ttml+xml"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("png", "image/png"));

  private final Catalog catalog;
  private final ObjectStore store;
  private final InstantSource clock;

  DownloadDelivery(Catalog catalog, ObjectStore store, InstantSource clock) {
    this.catalog = catalog;
    this.store = store;
    this.clock = clock;
  }

  /**
   * The file.
   *
   * @throws CallerFailure if the asset's policies or filters do not allow it, or there is no such
   *     file
   */
  Answer answer(OriginRequest.Download request) {
    var published = PublishedAsset.resolve(catalog, request.locator(), clock.instant());
    var asset = published.asset();
    DeliveryPolicies.decide(catalog, asset, Protocol.PROGRESSIVE_DOWNLOAD, Optional.empty());
    if (!asset.accessPolicies().isEmpty()) {
      throw new ServerFailure(
          FailureCode.NOT_IMPLEMENTED,
          "the policies allow it, but this server cannot do it: access policies on an asset");
    }
    requireWhole(catalog, published);
    String contentType = contentType(request.file()).orElseThrow(DownloadDelivery::noSuchFile);
    StoredObject object =
        store
            .find(asset.container() + "/" + request.file())
            .orElseThrow(DownloadDelivery::noSuchFile);
    return new Answer(
        200,
        contentType,
        Optional.of(new Digests("download").add(object.path()).add(object.revision()).etag()),
        Answer.Cache.MANIFEST,
        false,
        Map.of(),
        () -> new Stored(store.open(object)));
  }

  /** The media type of a file that may be downloaded; empty for all others. */
  static Optional<String> contentType(String file) {
    int dot = file.lastIndexOf('.');
    return file.startsWith(".") || dot < 0 || file.indexOf('/') >= 0
        ? Optional.empty()
        : Optional.ofNullable(CONTENT_TYPES.get(file.substring(dot + 1).toLowerCase(Locale.ROOT)));
  }

  /** Refuses what filters take something away from. */
  static void requireWhole(Catalog catalog, PublishedAsset published) {
    var filters = TrackFilters.compose(AppliedFilters.resolve(catalog, published, List.of()));
    if (!filters.keepEverything()) {
      throw new CallerFailure(
          FailureCode.MPE_OUTPUT_FORMAT_BLOCKED,
          "progressive download: a file holds what filters %s take away (expected: a locator and an"
                  .formatted(filters.quotedNames())
              + " asset without filters)");
    }
  }

  private static CallerFailure noSuchFile() {
    return new CallerFailure(
        FailureCode.MPE_RESOURCE_NOT_FOUND,
        "file: (expected: a media, caption or picture file directly in the asset's container)");
  }

  /** The bytes of an object. Ownership: takes the reader, and closes it. */
  private record Stored(ObjectReader reader) implements Body {
    @Override
    public long lengthBytes() {
      return reader.object().sizeBytes();
    }

    @Override
    public void read(long positionBytes, ByteBuffer out) {
      reader.readFully(positionBytes, out);
    }

    @Override
    public boolean readNow(long positionBytes, ByteBuffer out) {
      return reader.readNow(positionBytes, out);
    }

    @Override
    public Optional<FileBytes> fileBytes(long positionBytes) {
      return reader.fileBytes(positionBytes, lengthBytes() - positionBytes);
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
