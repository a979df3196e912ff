package dev.sluice.origin.delivery;

import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.policy.DeliveryPolicies;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The URLs by which an asset can be played: one for each locator, format and scheme that answers.
 */
public final class StreamingUrls {
  private static final List<String> FORMATS = List.of("mpd-time-csf", "mpd-time-cmaf");

  private final Catalog catalog;
  private final Titles titles;

  public StreamingUrls(Catalog catalog, Titles titles) {
    this.catalog = catalog;
    this.titles = titles;
  }

  /**
   * A URL.
   *
   * @param protocol as people write it, such as {@code DASH}
   * @param scheme as the URL writes it; {@code clear} where it is not encrypted
   * @param url absolute path
   */
  public record StreamingUrl(String protocol, String format, String scheme, String url) {}

  /**
   * The URLs of an asset.
   *
   * @throws CallerFailure if there is no such asset
   */
  public List<StreamingUrl> of(String assetName) {
    var asset =
        catalog
            .findAsset(assetName)
            .orElseThrow(() ->
                new CallerFailure(FailureCode.MPE_RESOURCE_NOT_FOUND, "there is no such asset"));
    String manifest = manifestName(asset);
    var locators = catalog.locatorsOf(assetName).stream().map(l -> l.id().toString()).toList();
    var urls = new ArrayList<StreamingUrl>();
    for (String locator : locators.isEmpty() ? List.of(assetName) : locators) {
      for (Scheme scheme : List.of(Scheme.CLEAR, Scheme.CENC)) {
        if (isAllowed(asset, scheme)) {
          for (String format : FORMATS) {
            urls.add(url(locator, manifest, format, scheme));
          }
        }
      }
    }
    return urls;
  }

  /** The names of all assets, at most {@code limit}. */
  List<String> assetNames(int limit) {
    return catalog.assetsAfter("", limit).stream().map(Document.Asset::name).toList();
  }

  /** Of the title; of what the catalog says where its media is not there yet. */
  private String manifestName(Document.Asset asset) {
    try {
      return titles.require(asset).manifestName();
    } catch (Failure e) {
      return asset.manifest().orElse(asset.name() + ".ism");
    }
  }

  private boolean isAllowed(Document.Asset asset, Scheme scheme) {
    try {
      DeliveryPolicies.decide(catalog, asset, Protocol.DASH, Optional.of(scheme));
      return true;
    } catch (CallerFailure e) {
      return false;
    }
  }

  private static StreamingUrl url(String locator, String manifest, String format, Scheme scheme) {
    String name = scheme == Scheme.CLEAR ? "clear" : scheme.name().toLowerCase(Locale.ROOT);
    String encryption = scheme == Scheme.CLEAR ? "" : ",encryption=" + name;
    return new StreamingUrl(
        "DASH",
        format,
        name,
        "/%s/%s/manifest(format=%s%s)".formatted(locator, manifest, format, encryption));
  }
}
