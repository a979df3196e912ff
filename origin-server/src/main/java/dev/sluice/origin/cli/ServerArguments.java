package dev.sluice.origin.cli;

import dev.sluice.origin.config.Settings;
import dev.sluice.origin.config.SettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that {@code serve} and {@code demo} share. They win over the settings file. */
@SuppressWarnings("NullAway.Init") // picocli sets it
final class ServerArguments {
  private static final Path DEFAULT_FILE = Path.of("conf", "sluice.yaml");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec mixee;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The settings file; conf/sluice.yaml where there is one.")
  private @Nullable Path config;

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

  /**
   * The settings.
   *
   * @param home the folder of the program, whose settings file is used where the current folder has
   *     none
   */
  Settings read(Optional<Path> home) throws IOException {
    var overrides = new ArrayList<String>();
    if (mixee.name().equals("demo")) {
      // Its titles are there to be shown.
      overrides.add("player-lists-assets=true");
    }
    Optional.ofNullable(port).ifPresent(p -> overrides.add("http-port=" + p));
    Optional.ofNullable(tlsPort).ifPresent(p -> overrides.add("https-port=" + p));
    Optional.ofNullable(adminPort).ifPresent(p -> overrides.add("admin-port=" + p));
    publicUrls.forEach(url -> overrides.add("public-url=" + url));
    Optional<Path> file =
        Optional.ofNullable(config)
            .or(() -> Optional.of(DEFAULT_FILE).filter(Files::isRegularFile))
            .or(() -> home.map(h -> h.resolve(DEFAULT_FILE)).filter(Files::isRegularFile));
    return file.isPresent()
        ? SettingsReader.read(file.get(), overrides)
        : SettingsReader.read(overrides);
  }
}
