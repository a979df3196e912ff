package dev.sluice.origin.app;

import dev.sluice.origin.config.Settings;
import dev.sluice.origin.delivery.PublicUrls;
import dev.sluice.origin.http.HttpSettings;
import dev.sluice.origin.http.TlsContexts;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where the server listens, and under which bases clients know it.
 *
 * @param admin absent where it is turned off
 */
record Listeners(HttpSettings origin, Optional<HttpSettings> admin, PublicUrls publicUrls) {
  /** Documents are larger than what players send. */
  private static final int ADMIN_BODY_BYTES = 1 << 20;

  /** The listeners of these settings, with TLS where there is any. */
  static Listeners of(Settings settings, Optional<SslContext> tls) throws IOException {
    int httpPort = free(settings.httpPort());
    int httpsPort = free(settings.httpsPort());
    var origin =
        new HttpSettings(
            settings.bind(),
            httpPort,
            httpsPort,
            tls,
            settings.limits(),
            seconds(settings.caching().manifestMaxAge()),
            seconds(settings.caching().segmentMaxAge()),
            settings.keyOrigins(),
            settings.edge());
    return new Listeners(origin, admin(settings), publicUrls(settings, httpPort, httpsPort));
  }

  private static Optional<HttpSettings> admin(Settings settings) {
    if (settings.adminPort() < 0) {
      return Optional.empty();
    }
    return Optional.of(
        HttpSettings.plain(settings.adminBind(), settings.adminPort())
            .withBodyBytes(ADMIN_BODY_BYTES));
  }

  /**
   * TLS with the certificate of the settings, or a self-signed one that is kept in {@code data};
   * none where HTTPS is turned off.
   */
  static Optional<SslContext> tls(Settings settings, Path data)
      throws IOException, GeneralSecurityException {
    return settings.httpsPort() < 0 ? Optional.empty() : Optional.of(context(settings.tls(), data));
  }

  private static SslContext context(Settings.Tls tls, Path data)
      throws IOException, GeneralSecurityException {
    if (tls.certificate().isPresent() && tls.key().isPresent()) {
      return TlsContexts.ofPem(Path.of(tls.certificate().get()), Path.of(tls.key().get()));
    }
    if (tls.pkcs12().isPresent()) {
      String password =
          tls.passwordFile().isPresent()
              ? Files.readString(Path.of(tls.passwordFile().get())).strip()
              : "";
      return TlsContexts.ofPkcs12(Path.of(tls.pkcs12().get()), password.toCharArray());
    }
    return TlsContexts.ofSelfSigned(data);
  }

  /**
   * A free port where any will do. Public URLs name the port before the listener is there, so it is
   * found first; if another process takes it in between, the start ends with an error.
   */
  private static int free(int port) throws IOException {
    if (port != 0) {
      return port;
    }
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static PublicUrls publicUrls(Settings settings, int httpPort, int httpsPort) {
    Optional<String> http = given(settings.publicUrls(), "http");
    Optional<String> https = given(settings.publicUrls(), "https");
    if (http.isEmpty() && https.isEmpty()) {
      http = Optional.of("http://127.0.0.1:" + httpPort).filter(_ -> httpPort >= 0);
      https = Optional.of("https://127.0.0.1:" + httpsPort).filter(_ -> httpsPort >= 0);
    }
    return new PublicUrls(http, https);
  }

  private static Optional<String> given(List<URI> urls, String scheme) {
    return urls.stream().filter(u -> scheme.equals(u.getScheme())).map(URI::toString).findFirst();
  }

  private static int seconds(Duration duration) {
    return (int) Math.min(duration.toSeconds(), Integer.MAX_VALUE);
  }
}
