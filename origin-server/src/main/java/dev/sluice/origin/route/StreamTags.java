package dev.sluice.origin.route;

import dev.sluice.origin.media.Scheme;
import java.util.List;
import java.util.Optional;

/**
 * The tags in the parentheses of a streaming URL.
 *
 * @param format what is asked for
 * @param encryption the scheme asked for; empty where the URL does not say
 * @param filters names of filters, in the URL's order
 * @param audioTrack the audio that is muxed into HLS v3 segments
 * @param audioOnly whether the HLS multivariant playlist has an audio-only variant
 * @param keyframes whether an I-frame playlist is asked for
 * @param systems the DRM systems whose tags an HLS playlist shall write, lower case; empty for all
 */
public record StreamTags(
    Format format,
    Optional<Encryption> encryption,
    List<String> filters,
    Optional<String> audioTrack,
    boolean audioOnly,
    boolean keyframes,
    List<String> systems) {

  public StreamTags {
    filters = List.copyOf(filters);
    systems = List.copyOf(systems);
  }

  /** The value of {@code encryption=}, and the scheme that it means. */
  public enum Encryption {
    NONE("none", Scheme.CLEAR),
    CENC("cenc", Scheme.CENC),
    CBCS("cbcs", Scheme.CBCS),
    CBCS_AAPL("cbcs-aapl", Scheme.CBCS),
    CBC("cbc", Scheme.CBC),
    PIFF("piff", Scheme.CENC);

    private final String value;
    private final Scheme scheme;

    Encryption(String value, Scheme scheme) {
      this.value = value;
      this.scheme = scheme;
    }

    /** As URLs write it. */
    public String value() {
      return value;
    }

    /** What it means. */
    public Scheme scheme() {
      return scheme;
    }
  }
}
