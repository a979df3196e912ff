package dev.sluice.origin.http;

import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.Optional;

/**
 * How a server listens and answers.
 *
 * @param bindAddresses host names or addresses; {@code *} for all of them, IPv6 included where the
 *     system has it
 * @param httpPort 0 for any free port, -1 for none
 * @param httpsPort the same; needs {@code tls}
 * @param manifestMaxAgeSeconds how long caches may keep a manifest
 * @param segmentMaxAgeSeconds how long caches may keep a segment
 * @param keyOrigins which web origins may ask for keys; none: any
 * @param edge who may ask, and what networks in front are told
 */
public record HttpSettings(
    List<String> bindAddresses,
    int httpPort,
    int httpsPort,
    Optional<SslContext> tls,
    HttpLimits limits,
    int manifestMaxAgeSeconds,
    int segmentMaxAgeSeconds,
    List<String> keyOrigins,
    Edge edge) {

  /** How long caches may keep a manifest unless told: {@value} s. */
  public static final int MANIFEST_MAX_AGE_SECONDS = 10;

  /** How long caches may keep a segment unless told: a year. */
  public static final int SEGMENT_MAX_AGE_SECONDS = 31_536_000;

  public HttpSettings {
    bindAddresses = List.copyOf(bindAddresses);
    keyOrigins = List.copyOf(keyOrigins);
    if (httpsPort >= 0 && tls.isEmpty()) {
      throw new IllegalArgumentException("https port: %d without TLS".formatted(httpsPort));
    }
  }

  /** The same, with another limit on the bodies of requests. */
  public HttpSettings withBodyBytes(int bodyBytes) {
    var l = limits;
    return new HttpSettings(
        bindAddresses,
        httpPort,
        httpsPort,
        tls,
        new HttpLimits(
            l.requestLineBytes(),
            l.headerBytes(),
            bodyBytes,
            l.headTime(),
            l.idleTime(),
            l.stallTime(),
            l.connections(),
            l.connectionsPerAddress(),
            l.requests()),
        manifestMaxAgeSeconds,
        segmentMaxAgeSeconds,
        keyOrigins,
        edge);
  }

  /** A plain listener on one address, with default limits. */
  public static HttpSettings plain(String address, int port) {
    return new HttpSettings(
        List.of(address),
        port,
        -1,
        Optional.empty(),
        HttpLimits.DEFAULT,
        MANIFEST_MAX_AGE_SECONDS,
        SEGMENT_MAX_AGE_SECONDS,
        List.of(),
        Edge.OPEN);
  }
}
