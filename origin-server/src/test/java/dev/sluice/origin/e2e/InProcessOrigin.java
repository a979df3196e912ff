package dev.sluice.origin.e2e;

import dev.sluice.crypto.MediaCiphers;
import dev.sluice.origin.access.TokenVerifier;
import dev.sluice.origin.catalog.DocumentReader;
import dev.sluice.origin.catalog.Kind;
import dev.sluice.origin.catalog.StoredCatalog;
import dev.sluice.origin.delivery.Fragments;
import dev.sluice.origin.delivery.OriginService;
import dev.sluice.origin.delivery.PublicUrls;
import dev.sluice.origin.delivery.Titles;
import dev.sluice.origin.key.MasterKey;
import dev.sluice.origin.license.KeyAnswers;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.UrlGrammar;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.track.TitleReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The origin without its sockets: a URL goes in, the bytes of its answer come out. */
final class InProcessOrigin implements AutoCloseable {
  static final byte[] KEY = HexFormat.of().parseHex("3a2a1b68dd2bd9b2eeb25e84c4776668");
  static final String KEY_ID = "8ba94ade-6eb9-449d-b44f-a5beefaf43b0";
  static final List<String> FORMATS = List.of("mpd-time-csf", "mpd-time-cmaf");
  private static final Caller CALLER = new Caller(Optional.empty(), true, true);

  private final StoredCatalog catalog;

  /** One representation of a manifest, with all bytes that a player would get of it. */
  @SuppressWarnings("ArrayRecordComponent")
  record Served(Mpd.Representation representation, byte[] init, List<byte[]> segments) {}

  private InProcessOrigin(StoredCatalog catalog) {
    this.catalog = catalog;
  }

  /** An origin of assets named as their folders, all under one key and for {@code cenc} only. */
  static InProcessOrigin of(List<String> assets) {
    var json = new StringBuilder();
    json.append(
        """
        [{"kind": "ContentKey", "id": "%s", "type": "CommonEncryption", "value": "%s",
          "authorizationPolicy": "open"},
         {"kind": "ContentKeyAuthorizationPolicy", "name": "open", "options": [
           {"name": "c", "keyDeliveryType": "ClearKey", "restriction": {"type": "Open"}}]},
         {"kind": "AssetDeliveryPolicy", "name": "dash-cenc", "protocols": ["Dash"],
          "type": "DynamicCommonEncryption", "configuration": {}}
        """
            .formatted(KEY_ID, java.util.Base64.getEncoder().encodeToString(KEY)));
    for (String asset : assets) {
      json.append(
          """
          ,{"kind": "Asset", "name": "%1$s", "container": "%1$s", "contentKeys": ["%2$s"],
            "deliveryPolicies": ["dash-cenc"]}
          ,{"kind": "StreamingLocator", "id": "%3$s", "asset": "%1$s"}
          """
              .formatted(asset, KEY_ID, locator(asset)));
    }
    return ofJson(json.append(']').toString());
  }

  /** An origin of any documents. */
  static InProcessOrigin of(Documents documents) {
    return ofJson(documents.json());
  }

  private static InProcessOrigin ofJson(String json) {
    var catalog =
        StoredCatalog.inMemory(MasterKey.taking(new byte[MasterKey.BYTES]), new SecureRandom());
    catalog.apply(DocumentReader.read(json.getBytes(StandardCharsets.UTF_8)));
    return new InProcessOrigin(catalog);
  }

  static String locator(String asset) {
    return "90000000-0000-0000-0000-%012x".formatted(asset.hashCode() & 0xFFFF_FFFFL);
  }

  /** A node with empty caches over this store. */
  Node node(ObjectStore store) {
    return new Node(
        new OriginService(
            catalog,
            store,
            new Titles(store, new TitleReader(store, 64), System::nanoTime, 100_000),
            new Fragments(1 << 20),
            MediaCiphers.best(),
            new KeyAnswers(catalog, () -> Instant.EPOCH, new TokenVerifier(), false),
            new PublicUrls(Optional.of("http://o.test"), Optional.of("https://o.test")),
            () -> Instant.EPOCH));
  }

  /** Applies more documents, or others under the same names. */
  void apply(Documents documents) {
    catalog.apply(DocumentReader.read(documents.json().getBytes(StandardCharsets.UTF_8)));
  }

  /** Deletes a document. */
  void delete(Kind kind, String name) {
    catalog.delete(kind, name);
  }

  @Override
  public void close() {
    catalog.close();
  }

  /** Answers requests. */
  record Node(OriginService service) {

    /** The opened body of an answer. The caller closes it. */
    Body open(String url) {
      return answer(url).body().get();
    }

    /** An answer that is yet to be opened. */
    Answer answer(String url) {
      return service.answer(UrlGrammar.parse(url, Bytes.copyOf()), CALLER);
    }

    /** The whole answer. */
    byte[] get(String url) {
      try (var body = open(url)) {
        var out = ByteBuffer.allocate(Math.toIntExact(body.lengthBytes()));
        body.read(0, out);
        if (out.hasRemaining()) {
          throw new AssertionError("body is shorter than its length: " + url);
        }
        return out.array();
      }
    }

    String manifestUrl(String asset, String format) {
      return "/%s/%s.ism/manifest(format=%s,encryption=cenc)"
          .formatted(locator(asset), asset, format);
    }

    byte[] manifest(String asset, String format) {
      return get(manifestUrl(asset, format));
    }

    /** The absolute URL of what a manifest names. */
    static String url(String asset, String relative) {
      return "/%s/%s.ism/%s".formatted(locator(asset), asset, relative);
    }

    /** A cell of an asset. */
    Crawler.Crawled crawl(Cell cell, String asset) {
      return Crawler.crawl(cell, asset, this::get);
    }

    /** Everything of an asset that its manifest names. */
    List<Served> everything(String asset, String format) {
      var served = new ArrayList<Served>();
      for (var representation : Mpd.parse(manifest(asset, format)).representations()) {
        var segments = new ArrayList<byte[]>();
        for (var segment : representation.segments()) {
          segments.add(get(url(asset, segment.url())));
        }
        served.add(
            new Served(representation, get(url(asset, representation.initialization())), segments));
      }
      return served;
    }
  }
}
