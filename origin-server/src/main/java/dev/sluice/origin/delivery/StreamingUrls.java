package dev.sluice.origin.delivery;

import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.policy.AppliedFilters;
import dev.sluice.origin.policy.DeliveryPolicies;
import dev.sluice.origin.policy.PublishedAsset;
import dev.sluice.origin.route.ChildUrls;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.route.StreamTags;
import dev.sluice.origin.route.StreamTags.Encryption;
import dev.sluice.origin.track.Title;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The URLs by which an asset can be played: one for each locator, format and scheme that the
 * asset's delivery policies allow, and one for each file that may be downloaded.
 */
public final class StreamingUrls {
  private static final List<Format> FORMATS =
      List.of(
          Format.DASH_CSF,
          Format.DASH_CMAF,
          Format.HLS_CMAF,
          Format.HLS_TS,
          Format.HLS_TS_V3,
          Format.SMOOTH,
          Format.SMOOTH_20);
  private static final List<Encryption> ENCRYPTIONS =
      List.of(Encryption.NONE, Encryption.CENC, Encryption.PIFF, Encryption.CBCS, Encryption.CBC);
  private static final Set<Format> TRANSPORT_STREAMS = Set.of(Format.HLS_TS, Format.HLS_TS_V3);

  private final Catalog catalog;
  private final Titles titles;

  public StreamingUrls(Catalog catalog, Titles titles) {
    this.catalog = catalog;
    this.titles = titles;
  }

  /**
   * A URL.
   *
   * @param protocol as people write it: {@code DASH}, {@code HLS}, {@code Smooth}, {@code Download}
   * @param format as the URL writes it; empty for Smooth's own, and for a file
   * @param scheme as the URL writes it; {@code clear} where it is not encrypted
   * @param url absolute path
   */
  public record StreamingUrl(String protocol, String format, String scheme, String url) {}

  /**
   * The URLs of an asset: by locator, then by protocol and scheme.
   *
   * @throws CallerFailure if there is no such asset
   */
  public List<StreamingUrl> of(String assetName) {
    var asset =
        catalog
            .findAsset(assetName)
            .orElseThrow(() ->
                new CallerFailure(FailureCode.MPE_RESOURCE_NOT_FOUND, "there is no such asset"));
    Optional<Title> title = title(asset);
    String manifest =
        title.map(Title::manifestName).orElse(asset.manifest().orElse(asset.name() + ".ism"));
    var urls = new ArrayList<StreamingUrl>();
    for (PublishedAsset published : published(asset)) {
      String base = "/%s/%s/".formatted(segment(published), ChildUrls.encode(manifest));
      for (Format format : FORMATS) {
        for (Encryption encryption : encryptions(asset, format)) {
          if (title.isEmpty() || hasKeys(published, title.get(), format, encryption)) {
            urls.add(streaming(asset, base, format, encryption));
          }
        }
      }
      title.ifPresent(it -> urls.addAll(files(published, it)));
    }
    return urls;
  }

  /** The names of all assets, at most {@code limit}. */
  List<String> assetNames(int limit) {
    return catalog.assetsAfter("", limit).stream().map(Document.Asset::name).toList();
  }

  /** Empty where its media is not there yet: what the catalog says is enough for most URLs. */
  private Optional<Title> title(Document.Asset asset) {
    try {
      return Optional.of(titles.require(asset));
    } catch (Failure e) {
      return Optional.empty();
    }
  }

  private List<Encryption> encryptions(Document.Asset asset, Format format) {
    return ENCRYPTIONS.stream()
        .filter(encryption -> hasForm(format, encryption))
        .filter(encryption -> isAllowed(asset, format.protocol(), Optional.of(encryption.scheme())))
        .toList();
  }

  /** Whether there is a form of the container for the scheme. */
  private static boolean hasForm(Format format, Encryption encryption) {
    return switch (encryption) {
      case PIFF -> format.protocol() == Protocol.SMOOTH_STREAMING;
      case CENC -> !TRANSPORT_STREAMS.contains(format);
      case NONE, CBCS, CBCS_AAPL, CBC -> true;
    };
  }

  /** Whether each track has a key, and the format has room for all of them. */
  private boolean hasKeys(
      PublishedAsset published, Title title, Format format, Encryption encryption) {
    var asset = published.asset();
    try {
      var resolution =
          new Resolver.Resolution(
              published,
              title,
              DeliveryPolicies.decide(
                  catalog, asset, format.protocol(), Optional.of(encryption.scheme())),
              asset.contentKeys().stream()
                  .flatMap(id -> catalog.findContentKey(id).stream())
                  .toList(),
              AppliedFilters.resolve(catalog, published, List.of()));
      resolution.presentedTracks().forEach(resolution::protectionOf);
      PossibleAnswers.requireOneKeyInSmooth(format, resolution);
      return format != Format.HLS_TS_V3 || PossibleAnswers.canMux(resolution, Optional.empty());
    } catch (Failure e) {
      return false;
    }
  }

  private boolean isAllowed(Document.Asset asset, Protocol protocol, Optional<Scheme> asked) {
    try {
      DeliveryPolicies.decide(catalog, asset, protocol, asked);
      return true;
    } catch (CallerFailure e) {
      return false;
    }
  }

  /** Clear is named only where the URL without it would not say which scheme is meant. */
  private StreamingUrl streaming(
      Document.Asset asset, String base, Format format, Encryption encryption) {
    boolean clear = encryption == Encryption.NONE;
    boolean implied = clear && isAllowed(asset, format.protocol(), Optional.empty());
    var tags =
        new StreamTags(
            format, Optional.empty(), List.of(), Optional.empty(), false, false, List.of());
    return new StreamingUrl(
        name(format.protocol()),
        format.value(),
        clear ? "clear" : encryption.value(),
        base + ChildUrls.manifest(tags, implied ? Optional.empty() : Optional.of(encryption), ""));
  }

  private List<StreamingUrl> files(PublishedAsset published, Title title) {
    var asset = published.asset();
    if (!isAllowed(asset, Protocol.PROGRESSIVE_DOWNLOAD, Optional.empty()) || !isWhole(published)) {
      return List.of();
    }
    String folder = asset.container() + "/";
    return title.tracks().stream()
        .map(track -> track.object().path())
        .filter(path -> path.startsWith(folder))
        .map(path -> path.substring(folder.length()))
        .filter(file -> DownloadDelivery.contentType(file).isPresent())
        .distinct()
        .map(file ->
            new StreamingUrl(
                name(Protocol.PROGRESSIVE_DOWNLOAD),
                "",
                "clear",
                "/%s/%s".formatted(segment(published), ChildUrls.encode(file))))
        .toList();
  }

  private boolean isWhole(PublishedAsset published) {
    try {
      DownloadDelivery.requireWhole(catalog, published);
      return true;
    } catch (CallerFailure e) {
      return false;
    }
  }

  /** Under each of its locators; under its own name where it has none. */
  private List<PublishedAsset> published(Document.Asset asset) {
    var locators = catalog.locatorsOf(asset.name());
    return locators.isEmpty()
        ? List.of(new PublishedAsset(asset, Optional.empty()))
        : locators.stream()
            .map(locator -> new PublishedAsset(asset, Optional.of(locator)))
            .toList();
  }

  private static String segment(PublishedAsset published) {
    return published
        .locator()
        .map(locator -> locator.id().toString())
        .orElse(published.asset().name());
  }

  private static String name(Protocol protocol) {
    return switch (protocol) {
      case DASH, HLS -> protocol.name();
      case SMOOTH_STREAMING -> "Smooth";
      case PROGRESSIVE_DOWNLOAD -> "Download";
    };
  }
}
