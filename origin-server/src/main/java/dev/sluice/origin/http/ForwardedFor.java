package dev.sluice.origin.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The client behind proxies. Each proxy appends the address that it was asked from, so only what
 * trusted ones wrote counts: the client is the right-most address that is no trusted proxy's.
 */
final class ForwardedFor {
  private static final int MAX_HOPS = 32;
  private static final Pattern HOP =
      Pattern.compile("(?:\\[([^\\[\\]]+)]|([^:\\[\\]]+))(?::[0-9]{1,5})?");

  private ForwardedFor() {}

  /**
   * The client's address; empty where a trusted proxy names something that is no address, or where
   * there are more than {@value #MAX_HOPS} trusted ones in a row.
   *
   * @param fields of {@code X-Forwarded-For}, in their order
   */
  static Optional<InetAddress> client(
      InetAddress peer, List<String> fields, AddressList trustedProxies) {
    InetAddress client = peer;
    // From the right, and no further than trust goes: what stands before may be made up.
    String left = String.join(",", fields);
    for (int hops = 0; trustedProxies.contains(client) && !left.isBlank(); hops++) {
      int comma = left.lastIndexOf(',');
      Optional<InetAddress> hop = parse(left.substring(comma + 1).strip());
      if (hop.isEmpty() || hops == MAX_HOPS) {
        return Optional.empty();
      }
      client = hop.get();
      left = left.substring(0, Math.max(0, comma));
    }
    return Optional.of(client);
  }

  /** An address; some proxies write a port behind it. */
  private static Optional<InetAddress> parse(String hop) {
    Optional<InetAddress> bare = AddressPrefix.parseAddress(hop);
    Matcher match = HOP.matcher(hop);
    if (bare.isPresent() || !match.matches()) {
      return bare;
    }
    String bracketed = match.group(1);
    return AddressPrefix.parseAddress(bracketed == null ? match.group(2) : bracketed)
        .filter(address -> bracketed == null || bracketed.indexOf(':') >= 0);
  }
}
