package dev.sluice.origin.cli;

import dev.sluice.origin.app.ServerOptions;
import dev.sluice.origin.http.HttpLimits;
import dev.sluice.origin.http.HttpSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that {@code serve} and {@code demo} share. */
final class ServerArguments {
  private static final int HTTP_PORT = 8080;
  private static final int HTTPS_PORT = 8443;
  private static final int ADMIN_PORT = 8081;
  private static final long CACHE_BYTES = 64L << 20;

  @Option(names = "--port", paramLabel = "N", description = "HTTP port; 0: a free one, -1: none.")
  private @Nullable Integer port;

  @Option(names = "--tls-port", paramLabel = "N", description = "HTTPS port, likewise.")
  private @Nullable Integer tlsPort;

  @Option(names = "--admin-port", paramLabel = "N", description = "Admin port, likewise.")
  private @Nullable Integer adminPort;

  @Option(
      names = "--public-url",
      paramLabel = "URL",
      description = "The base under which clients know this server; once, or for http and https.")
  private List<String> publicUrls = new ArrayList<>();

  ServerOptions toOptions(SluiceCommand root, Path media, Path data) {
    return new ServerOptions(
        media,
        data,
        List.of("*"),
        Optional.ofNullable(port).orElse(HTTP_PORT),
        Optional.ofNullable(tlsPort).orElse(HTTPS_PORT),
        "127.0.0.1",
        Optional.ofNullable(adminPort).orElse(ADMIN_PORT),
        publicUrls,
        root.variable("SLUICE_MASTER_KEY"),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        HttpLimits.DEFAULT,
        HttpSettings.MANIFEST_MAX_AGE_SECONDS,
        HttpSettings.SEGMENT_MAX_AGE_SECONDS,
        List.of(),
        CACHE_BYTES);
  }
}
