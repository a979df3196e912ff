package dev.sluice.origin.http;

import dev.sluice.origin.media.Bytes;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An address, or a network as CIDR writes it: {@code 192.0.2.7}, {@code 192.0.2.0/24}, {@code
 * 2001:db8::/32}. IPv4 mapped into IPv6 is IPv4. Spec: RFC 4632 3.1, RFC 4291 2.2, 2.3, 2.5.5.2.
 *
 * @param address 4 or 16 bytes; the bits beyond the prefix have no meaning
 * @param bits length of the prefix
 */
public record AddressPrefix(Bytes address, int bits) {
  /** How a setting may write one. */
  public static final String RULE = "an IPv4 or IPv6 address, or a network such as 192.0.2.0/24";

  private static final int MAX_TEXT_CHARS = 64;
  private static final int MAPPED_BITS = 96;
  private static final Pattern IPV4 =
      Pattern.compile("(?:0|[1-9][0-9]{0,2})(?:\\.(?:0|[1-9][0-9]{0,2})){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
  private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");

  /** What a text means; empty where it is none. Asks no name server. */
  public static Optional<AddressPrefix> parse(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    Optional<InetAddress> address = parseAddress(literal);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    var bytes = Bytes.copyOf(address.get().getAddress());
    int addressBits = bytes.size() * Byte.SIZE;
    if (slash < 0) {
      return Optional.of(new AddressPrefix(bytes, addressBits));
    }
    String length = text.substring(slash + 1);
    if (!LENGTH.matcher(length).matches()) {
      return Optional.empty();
    }
    boolean mapped = address.get() instanceof Inet4Address && literal.indexOf(':') >= 0;
    int bits = Integer.parseInt(length) - (mapped ? MAPPED_BITS : 0);
    return bits < 0 || bits > addressBits
        ? Optional.empty()
        : Optional.of(new AddressPrefix(bytes, bits));
  }

  /** The address that a text is, in the one form of IPv4 that has four decimal numbers, or IPv6. */
  static Optional<InetAddress> parseAddress(String text) {
    if (text.length() > MAX_TEXT_CHARS
        || !(IPV4.matcher(text).matches()
            || (text.indexOf(':') >= 0 && IPV6.matcher(text).matches()))) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }

  /** Whether an address lies in it. */
  boolean contains(InetAddress other) {
    byte[] bytes = other.getAddress();
    if (bytes.length != address.size()) {
      return false;
    }
    for (int bit = 0; bit < bits; bit += Byte.SIZE) {
      int mask = 0xff << Math.max(0, Byte.SIZE - (bits - bit)) & 0xff;
      int at = bit / Byte.SIZE;
      if (((bytes[at] ^ address.at(at)) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
