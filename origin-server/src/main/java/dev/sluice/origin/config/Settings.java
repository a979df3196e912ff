package dev.sluice.origin.config;

import dev.sluice.origin.http.Edge;
import dev.sluice.origin.http.HttpLimits;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that can be set, with its default where nothing is set.
 *
 * @param httpPort 0 for any free port, -1 for none
 * @param httpsPort the same
 * @param adminPort the same
 * @param bind addresses of the public listeners; {@code *} for all
 * @param adminBind address of the admin listener
 * @param media a folder or a storage URL; absent: must be given on the command line
 * @param data the folder of catalog and keys; absent: the same
 * @param mapMedia whether media files are read from mappings where that is possible
 * @param publicUrls the bases under which clients know this server, at most one for each scheme
 * @param tls certificate and key
 * @param allowHttpKeyDelivery whether keys and licences are also delivered without TLS
 * @param keyOrigins web origins that may ask for keys; none: any
 * @param playerListsAssets whether the player page lists all assets to everybody
 * @param accessLog absent for none; {@code -} for standard error; else a file
 * @param edge who may ask, and what networks in front are told
 */
public record Settings(
    int httpPort,
    int httpsPort,
    int adminPort,
    List<String> bind,
    String adminBind,
    Optional<String> media,
    Optional<String> data,
    boolean mapMedia,
    List<URI> publicUrls,
    Tls tls,
    HttpLimits limits,
    Caching caching,
    Memory memory,
    boolean allowHttpKeyDelivery,
    List<String> keyOrigins,
    boolean playerListsAssets,
    Optional<String> accessLog,
    Duration shutdownGrace,
    Edge edge) {

  public Settings {
    bind = List.copyOf(bind);
    publicUrls = List.copyOf(publicUrls);
    keyOrigins = List.copyOf(keyOrigins);
  }

  /**
   * Where the TLS certificate lies. All absent: a self-signed one in the data folder.
   *
   * @param certificate PEM chain, together with {@code key}
   * @param pkcs12 a PKCS #12 file, whose password is read from {@code passwordFile}
   */
  public record Tls(
      Optional<String> certificate,
      Optional<String> key,
      Optional<String> pkcs12,
      Optional<String> passwordFile) {}

  /** How long caches may keep answers. */
  public record Caching(Duration manifestMaxAge, Duration segmentMaxAge) {}

  /**
   * How much may be kept in memory, in bytes.
   *
   * @param answerCacheBytes of manifests, playlists and init segments; 0 for none
   * @param segmentCacheBytes of encrypted segments; 0 for none
   */
  public record Memory(long answerCacheBytes, long segmentCacheBytes) {}

  /** The defaults. */
  public static Settings defaults() {
    return SettingsReader.read(List.of());
  }
}
