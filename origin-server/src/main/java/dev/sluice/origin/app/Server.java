package dev.sluice.origin.app;

import dev.sluice.crypto.MediaCiphers;
import dev.sluice.origin.access.TokenVerifier;
import dev.sluice.origin.admin.AdminService;
import dev.sluice.origin.admin.CacheMeters;
import dev.sluice.origin.admin.MicrometerHttpMetrics;
import dev.sluice.origin.catalog.CatalogDocuments;
import dev.sluice.origin.catalog.StoredCatalog;
import dev.sluice.origin.config.Settings;
import dev.sluice.origin.delivery.Caches;
import dev.sluice.origin.delivery.Fragments;
import dev.sluice.origin.delivery.KeyChoiceCheck;
import dev.sluice.origin.delivery.OriginService;
import dev.sluice.origin.delivery.PublicUrls;
import dev.sluice.origin.delivery.StreamingUrls;
import dev.sluice.origin.delivery.Titles;
import dev.sluice.origin.http.AccessLog;
import dev.sluice.origin.http.HttpMetrics;
import dev.sluice.origin.http.HttpServer;
import dev.sluice.origin.http.JsonAccessLog;
import dev.sluice.origin.http.OriginEndpoints;
import dev.sluice.origin.http.RequestHandler;
import dev.sluice.origin.key.MasterKey;
import dev.sluice.origin.license.KeyAnswers;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.track.TitleReader;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** A running server: every part, made once and in order, and taken down the other way round. */
public final class Server implements AutoCloseable {
  /** The most tracks that a title may have. */
  public static final int MAX_TRACKS = 256;

  /** The most fragments that the indexes in memory may have together: 320 MB of heap. */
  private static final long MAX_FRAGMENTS = 10_000_000;

  /** The most bytes of sample tables in memory, and of clear/protected maps. */
  private static final long MAX_FRAGMENT_BYTES = 64 << 20;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final StoredCatalog catalog;
  private final StreamingUrls urls;
  private final PublicUrls publicUrls;
  private final HttpServer http;
  private final Optional<HttpServer> admin;

  private Server(Settings settings, Path media, Path data, Optional<String> masterKey)
      throws IOException, GeneralSecurityException {
    try {
      createFolder(data);
      // TLS and the catalog take the longest, and neither needs the other.
      var tls = owned(Ahead.start("tls", () -> Listeners.tls(settings, data)));
      var random = new SecureRandom();
      catalog = owned(StoredCatalog.open(data, MasterKey.open(masterKey, data, random), random));
      var ciphers = MediaCiphers.choose();
      LoggerFactory.getLogger(Server.class)
          .info("cipher engine: {} ({})", ciphers.cipher().engine(), ciphers.reason());
      // Only an engine that reads mappings survives a file that becomes shorter.
      boolean maps = settings.mapMedia() && ciphers.cipher().readsMappings();
      var store =
          new FileObjectStore(
              media, maps ? Optional.of(new GuardedCopy(ciphers.cipher())) : Optional.empty());
      var titles =
          new Titles(store, new TitleReader(store, MAX_TRACKS), System::nanoTime, MAX_FRAGMENTS);
      var fragments = new Fragments(MAX_FRAGMENT_BYTES);
      urls = new StreamingUrls(catalog, titles);
      var listeners = Listeners.of(settings, tls.get());
      publicUrls = listeners.publicUrls();
      var origin =
          new OriginService(
              catalog,
              store,
              titles,
              fragments,
              ciphers.cipher(),
              new KeyAnswers(
                  catalog, Clock.systemUTC(), new TokenVerifier(), settings.allowHttpKeyDelivery()),
              publicUrls,
              Clock.systemUTC(),
              settings.playerListsAssets(),
              new Caches(
                  settings.memory().answerCacheBytes(), settings.memory().segmentCacheBytes()));
      var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      parts.push(registry::close);
      Gauge.builder("sluice.crypto.engine", () -> 1)
          .description("1 for the cipher engine that runs")
          .tag("engine", ciphers.cipher().engine())
          .register(registry);
      Gauge.builder("sluice.http.direct.memory", HttpServer::directMemoryBytes)
          .baseUnit("bytes")
          .register(registry);
      var endpoints = new OriginEndpoints(requests(origin), settings.edge().crossSite());
      Stream.of(
              List.of(titles.figures(), endpoints.figures()), fragments.figures(), origin.figures())
          .flatMap(List::stream)
          .forEach(cache -> CacheMeters.register(registry, cache));
      http =
          HttpServer.start(
              listeners.origin(),
              endpoints,
              new MicrometerHttpMetrics(registry),
              accessLog(settings));
      parts.push(() -> http.close(settings.shutdownGrace()));
      admin =
          listeners.admin().isEmpty()
              ? Optional.empty()
              : Optional.of(
                  owned(
                      HttpServer.start(
                          listeners.admin().get(),
                          new AdminService(
                              new CatalogAdmin(
                                  new CatalogDocuments(catalog, new KeyChoiceCheck(titles))),
                              registry::scrape,
                              () -> catalog.isCurrent() && Files.isReadable(media)),
                          HttpMetrics.NONE,
                          AccessLog.NONE)));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts a server; it answers when this returns.
   *
   * @param media root of the containers
   * @param data the catalog, the master key and the self-signed certificate
   * @param masterKey of the environment, base64
   */
  public static Server start(Settings settings, Path media, Path data, Optional<String> masterKey)
      throws IOException, GeneralSecurityException {
    return new Server(settings, media, data, masterKey);
  }

  /** Makes the data folder, for its owner alone. */
  public static void createFolder(Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** The port of the HTTP listener, -1 without one. */
  public int httpPort() {
    return http.httpPort();
  }

  /** The port of the HTTPS listener, -1 without one. */
  public int httpsPort() {
    return http.httpsPort();
  }

  /** The port of the admin listener, -1 without one. */
  public int adminPort() {
    return admin.map(HttpServer::httpPort).orElse(-1);
  }

  /** A base under which clients know the server. */
  public String publicBase() {
    return publicUrls.baseFor(/* secure= */ false);
  }

  /** The catalog. */
  public StoredCatalog catalog() {
    return catalog;
  }

  /** What can be played. */
  public StreamingUrls urls() {
    return urls;
  }

  /**
   * The same where the process ends: lets go of the data folder first, since H2 closes its files by
   * itself then, and a look at them after that would open them again. Requests in flight need the
   * copy in memory only.
   */
  public void closeAtExit() {
    catalog.closeAtExit();
    close();
  }

  /** Lets requests in flight finish, then takes everything down. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        LoggerFactory.getLogger(Server.class).warn("a part could not be closed", e);
      }
    }
  }

  private static RequestHandler requests(OriginService origin) {
    return new RequestHandler() {
      @Override
      public Answer answer(OriginRequest request, Caller caller) {
        return origin.answer(request, caller);
      }

      @Override
      public Optional<Answer> atHand(OriginRequest request, Caller caller) {
        return origin.atHand(request, caller);
      }
    };
  }

  private <T extends AutoCloseable> T owned(T part) {
    parts.push(part);
    return part;
  }

  private AccessLog accessLog(Settings settings) throws IOException {
    if (settings.accessLog().isEmpty()) {
      return AccessLog.NONE;
    }
    String target = settings.accessLog().get();
    return owned(
        target.equals("-")
            ? new JsonAccessLog(new FileOutputStream(FileDescriptor.err))
            : JsonAccessLog.to(Path.of(target)));
  }
}
