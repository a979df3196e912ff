package dev.sluice.origin.http;

import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.Query;
import dev.sluice.origin.route.UrlGrammar;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Who asks: the token of a head, and the peer's address. */
final class CallerReader {
  private static final String SCHEME = "bearer ";
  private static final String COOKIE = "sluice-token=";
  private static final List<String> YES = List.of("1");

  private CallerReader() {}

  /**
   * The caller.
   *
   * <p>The token is that of {@code Authorization}, else of {@code token=}, else of the cookie. A
   * cookie never opens a key: a browser sends it along with whatever page asks.
   *
   * @param cdnPrefetch whether the settings let a content delivery network ask what comes next
   */
  static Caller read(
      HttpHeaders headers,
      String rawTarget,
      boolean secure,
      Optional<InetAddress> peer,
      boolean cdnPrefetch) {
    Optional<String> token =
        bearer(headers)
            .or(() -> Query.find(rawTarget, "token"))
            .or(() -> UrlGrammar.isKeyDelivery(rawTarget) ? Optional.empty() : cookie(headers));
    return new Caller(
        token,
        secure,
        peer.map(InetAddress::isLoopbackAddress).orElse(false),
        cdnPrefetch && wantsPrefetchPath(headers));
  }

  /** The peer's address; IPv4 where it is one mapped into IPv6. */
  static Optional<InetAddress> address(SocketAddress peer) {
    if (!(peer instanceof InetSocketAddress socket) || socket.getAddress() == null) {
      return Optional.empty();
    }
    InetAddress address = socket.getAddress();
    if (address instanceof Inet6Address) {
      try {
        return Optional.of(InetAddress.getByAddress(address.getAddress()));
      } catch (UnknownHostException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    return Optional.of(address);
  }

  /** A network's own fetch ahead is told nothing, or one request would fetch the whole title. */
  private static boolean wantsPrefetchPath(HttpHeaders headers) {
    return headers.getAll("cdn-origin-assist-prefetch-enabled").equals(YES)
        && !headers.contains("cdn-origin-assist-prefetch-request", "1", /* ignoreCase= */ false);
  }

  private static Optional<String> bearer(HttpHeaders headers) {
    String value = headers.get(HttpHeaderNames.AUTHORIZATION);
    if (value == null || !value.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return Optional.empty();
    }
    return Optional.of(value.substring(SCHEME.length()).strip());
  }

  private static Optional<String> cookie(HttpHeaders headers) {
    for (String field : headers.getAll(HttpHeaderNames.COOKIE)) {
      for (String pair : field.split(";", 256)) {
        if (pair.strip().startsWith(COOKIE)) {
          return Optional.of(pair.strip().substring(COOKIE.length()));
        }
      }
    }
    return Optional.empty();
  }
}
