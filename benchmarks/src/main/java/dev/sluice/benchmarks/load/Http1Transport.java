package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import javax.net.ssl.SSLContext;

/**
 * HTTP/1.1 over blocking sockets: one connection for each origin, kept between requests. The JDK's
 * client shares connections among all its callers, which thousands of players do not, or takes a
 * thread and three descriptors for each.
 */
final class Http1Transport implements Transport {
  /** Of one player: the server of manifests and media, that of keys, and two for a CDN or so. */
  private static final int MAX_ORIGINS = 4;

  private final SSLContext tls;
  private final boolean checksName;
  private final Duration timeout;
  private final int receiveBufferBytes;
  private final LongConsumer connectNanos;
  private final Map<String, Http1Connection> idle = new LinkedHashMap<>();

  /**
   * @param checksName whether a certificate has to be for the host
   * @param timeout for a connection, and for each wait for bytes
   * @param receiveBufferBytes of the sockets; 0: what the system has
   * @param connectNanos takes how long each connection took, TLS included
   */
  Http1Transport(
      SSLContext tls,
      boolean checksName,
      Duration timeout,
      int receiveBufferBytes,
      LongConsumer connectNanos) {
    this.tls = tls;
    this.checksName = checksName;
    this.timeout = timeout;
    this.receiveBufferBytes = receiveBufferBytes;
    this.connectNanos = connectNanos;
  }

  @Override
  public Answer send(LoadRequest request) throws IOException {
    String origin = Urls.origin(request.uri());
    Http1Connection kept = idle.remove(origin);
    if (kept != null) {
      try {
        return exchange(kept, origin, request);
      } catch (Http1Connection.GoneException _) {
        // The server closed it while it was idle, which it may: once more, over a new one.
      }
    }
    return exchange(connect(request.uri()), origin, request);
  }

  @Override
  public void close() {
    idle.values().forEach(Http1Connection::close);
    idle.clear();
  }

  private Answer exchange(Http1Connection connection, String origin, LoadRequest request)
      throws IOException {
    try {
      return connection.exchange(request, () -> keep(origin, connection));
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  private Http1Connection connect(URI uri) throws IOException {
    long started = System.nanoTime();
    var connection = Http1Connection.open(uri, tls, checksName, timeout, receiveBufferBytes);
    connectNanos.accept(System.nanoTime() - started);
    return connection;
  }

  private void keep(String origin, Http1Connection connection) {
    var oldest = idle.entrySet().iterator();
    if (idle.size() >= MAX_ORIGINS) {
      oldest.next().getValue().close();
      oldest.remove();
    }
    idle.put(origin, connection);
  }
}
