package dev.sluice.origin.app;

import dev.sluice.origin.http.HttpLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a server is started with.
 *
 * @param media root of the containers
 * @param data the catalog, the master key and the self-signed certificate
 * @param bindAddresses of the public listeners; {@code *} for all
 * @param httpPort 0 for a free one, -1 for none
 * @param httpsPort 0 for a free one, -1 for none
 * @param adminAddress of the admin listener
 * @param adminPort 0 for a free one, -1 for none
 * @param publicUrls the bases under which clients know the server; none: loopback and its ports
 * @param masterKey of the environment, base64
 * @param tlsCertificate PEM; absent: a self-signed one is made
 * @param tlsKey PEM, PKCS #8
 * @param allowHttpKeyDelivery whether keys leave by plain HTTP to other hosts
 * @param accessLog {@code stderr} or a file; absent: none
 * @param cacheBytes of sample tables, and as many of clear/protected maps
 */
public record ServerOptions(
    Path media,
    Path data,
    List<String> bindAddresses,
    int httpPort,
    int httpsPort,
    String adminAddress,
    int adminPort,
    List<String> publicUrls,
    Optional<String> masterKey,
    Optional<Path> tlsCertificate,
    Optional<Path> tlsKey,
    boolean allowHttpKeyDelivery,
    Optional<String> accessLog,
    HttpLimits limits,
    int manifestMaxAgeSeconds,
    int segmentMaxAgeSeconds,
    List<String> keyOrigins,
    long cacheBytes) {

  public ServerOptions {
    bindAddresses = List.copyOf(bindAddresses);
    publicUrls = List.copyOf(publicUrls);
    keyOrigins = List.copyOf(keyOrigins);
  }
}
