package dev.sluice.origin.app;

import dev.sluice.crypto.MediaCiphers;
import dev.sluice.origin.access.TokenVerifier;
import dev.sluice.origin.catalog.StoredCatalog;
import dev.sluice.origin.delivery.Fragments;
import dev.sluice.origin.delivery.OriginService;
import dev.sluice.origin.delivery.PublicUrls;
import dev.sluice.origin.delivery.StreamingUrls;
import dev.sluice.origin.delivery.Titles;
import dev.sluice.origin.http.AccessLog;
import dev.sluice.origin.http.HttpMetrics;
import dev.sluice.origin.http.HttpServer;
import dev.sluice.origin.http.HttpSettings;
import dev.sluice.origin.http.JsonAccessLog;
import dev.sluice.origin.http.TlsContexts;
import dev.sluice.origin.key.MasterKey;
import dev.sluice.origin.license.KeyAnswers;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.track.TitleReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A running server: every part, made once and in order, and taken down the other way round. */
public final class Server implements AutoCloseable {
  /** How long requests in flight may take when the server is told to end. */
  private static final Duration GRACE = Duration.ofSeconds(20);

  /** The most tracks that a title may have. */
  public static final int MAX_TRACKS = 256;

  /** The most fragments that the indexes in memory may have together: 280 MB of heap. */
  private static final long MAX_FRAGMENTS = 10_000_000;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final StoredCatalog catalog;
  private final StreamingUrls urls;
  private final PublicUrls publicUrls;
  private final HttpServer http;

  private Server(ServerOptions options) throws IOException, GeneralSecurityException {
    try {
      createFolder(options.data());
      var random = new SecureRandom();
      var masterKey = MasterKey.open(options.masterKey(), options.data(), random);
      catalog = owned(StoredCatalog.open(options.data(), masterKey, random));
      var store = new FileObjectStore(options.media());
      var titles =
          new Titles(store, new TitleReader(store, MAX_TRACKS), System::nanoTime, MAX_FRAGMENTS);
      urls = new StreamingUrls(catalog, titles);
      var clock = Clock.systemUTC();
      var keys =
          new KeyAnswers(catalog, clock, new TokenVerifier(), options.allowHttpKeyDelivery());
      int httpPort = free(options.httpPort());
      int httpsPort = free(options.httpsPort());
      publicUrls = publicUrls(options, httpPort, httpsPort);
      var origin =
          new OriginService(
              catalog,
              store,
              titles,
              new Fragments(options.cacheBytes()),
              MediaCiphers.best(),
              keys,
              publicUrls,
              clock);
      http =
          HttpServer.start(
              settings(options, httpPort, httpsPort),
              new dev.sluice.origin.http.OriginService(origin::answer),
              HttpMetrics.NONE,
              accessLog(options));
      parts.push(() -> http.close(GRACE));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Starts a server; it answers when this returns. */
  public static Server start(ServerOptions options) throws IOException, GeneralSecurityException {
    return new Server(options);
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
    return -1;
  }

  /** A base under which clients know the server. */
  public String publicBase() {
    return publicUrls.baseFor(false);
  }

  /** The catalog. */
  public StoredCatalog catalog() {
    return catalog;
  }

  /** What can be played. */
  public StreamingUrls urls() {
    return urls;
  }

  /** Lets requests in flight finish, then takes everything down. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        System.getLogger(Server.class.getName()).log(System.Logger.Level.WARNING, "close", e);
      }
    }
  }

  private <T extends AutoCloseable> T owned(T part) {
    parts.push(part);
    return part;
  }

  private static HttpSettings settings(ServerOptions options, int httpPort, int httpsPort)
      throws IOException, GeneralSecurityException {
    return new HttpSettings(
        options.bindAddresses(),
        httpPort,
        httpsPort,
        httpsPort < 0
            ? Optional.empty()
            : Optional.of(
                options.tlsCertificate().isPresent() && options.tlsKey().isPresent()
                    ? TlsContexts.ofPem(options.tlsCertificate().get(), options.tlsKey().get())
                    : TlsContexts.ofSelfSigned(options.data())),
        options.limits(),
        options.manifestMaxAgeSeconds(),
        options.segmentMaxAgeSeconds(),
        options.keyOrigins());
  }

  /**
   * A free port where any will do. The public URLs name it before the listener is there, so it is
   * found first; that another process takes it in between ends the start with an error.
   */
  private static int free(int port) throws IOException {
    if (port != 0) {
      return port;
    }
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static PublicUrls publicUrls(ServerOptions options, int httpPort, int httpsPort) {
    Optional<String> http = given(options, "http://");
    Optional<String> https = given(options, "https://");
    if (http.isEmpty() && https.isEmpty()) {
      http = Optional.of("http://127.0.0.1:" + httpPort).filter(_ -> httpPort >= 0);
      https = Optional.of("https://127.0.0.1:" + httpsPort).filter(_ -> httpsPort >= 0);
    }
    return new PublicUrls(http, https);
  }

  private static Optional<String> given(ServerOptions options, String scheme) {
    return options.publicUrls().stream().filter(url -> url.startsWith(scheme)).findFirst();
  }

  private AccessLog accessLog(ServerOptions options) throws IOException {
    if (options.accessLog().isEmpty()) {
      return AccessLog.NONE;
    }
    String target = options.accessLog().get();
    return owned(
        target.equals("stderr")
            ? new JsonAccessLog(new FileOutputStream(FileDescriptor.err))
            : JsonAccessLog.to(Path.of(target)));
  }
}
