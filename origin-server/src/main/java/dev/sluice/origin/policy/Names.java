package dev.sluice.origin.policy;

import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.media.Scheme;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** Protocols, schemes and documents as people write them. */
final class Names {
  private Names() {}

  static String of(Protocol protocol) {
    return switch (protocol) {
      case DASH, HLS -> protocol.name();
      case SMOOTH_STREAMING -> "Smooth";
      case PROGRESSIVE_DOWNLOAD -> "progressive download";
    };
  }

  /** As {@code encryption=} writes it. */
  static String of(Scheme scheme) {
    return scheme == Scheme.CLEAR ? "none" : scheme.name().toLowerCase(Locale.ROOT);
  }

  /** Names of documents, in quotes, with commas between them. */
  static String quoted(Collection<String> names) {
    return names.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
  }
}
