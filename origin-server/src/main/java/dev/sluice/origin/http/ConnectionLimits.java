package dev.sluice.origin.http;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Counts connections, in all and of each address, and refuses those beyond the limits. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends in channelInactive.
final class ConnectionLimits {
  private final HttpLimits limits;
  private final HttpMetrics metrics;
  private final ChannelGroup open;
  private final ConcurrentHashMap<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();

  ConnectionLimits(HttpLimits limits, HttpMetrics metrics, ChannelGroup open) {
    this.limits = limits;
    this.metrics = metrics;
    this.open = open;
  }

  /** Whether the connection may stay; it is counted until it closes. */
  boolean admit(Channel channel) {
    Optional<InetAddress> address = CallerReader.address(channel.remoteAddress());
    if (address.isEmpty() || open.size() >= limits.connections()) {
      metrics.connectionRefused();
      return false;
    }
    int ofAddress = perAddress.merge(address.get(), 1, Integer::sum);
    channel.closeFuture().addListener(closed -> release(address.get()));
    if (ofAddress > limits.connectionsPerAddress()) {
      metrics.connectionRefused();
      return false;
    }
    open.add(channel);
    metrics.connectionOpened();
    channel.closeFuture().addListener(closed -> metrics.connectionClosed());
    return true;
  }

  private void release(InetAddress address) {
    perAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
  }
}
