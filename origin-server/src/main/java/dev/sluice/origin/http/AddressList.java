package dev.sluice.origin.http;

import java.net.InetAddress;
import java.util.List;

/** Addresses and networks. */
public record AddressList(List<AddressPrefix> prefixes) {
  /** No address. */
  public static final AddressList NONE = new AddressList(List.of());

  public AddressList {
    prefixes = List.copyOf(prefixes);
  }

  /** Whether an address is one of them, or lies in one. */
  boolean contains(InetAddress address) {
    return prefixes.stream().anyMatch(prefix -> prefix.contains(address));
  }
}
