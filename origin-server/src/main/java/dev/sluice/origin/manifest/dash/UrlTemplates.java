package dev.sluice.origin.manifest.dash;

import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.route.StreamTags;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The URLs of segments, relative to the MPD's, as SegmentTemplate writes them.
 *
 * @param tags that follow the track, in the order that the service has always used
 */
record UrlTemplates(String tags) {
  private static final String PLAIN =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";

  /**
   * The URLs of a presentation, with the tags of its request; where that does not say which
   * encryption, with the one in use.
   */
  static UrlTemplates of(Presentation presentation) {
    StreamTags tags = presentation.tags();
    Optional<String> encryption =
        tags.encryption()
            .map(StreamTags.Encryption::value)
            .or(() ->
                presentation.tracks().stream()
                    .flatMap(presented -> presented.protection().stream())
                    .map(protection -> ProtectionDescriptors.schemeValue(protection.scheme()))
                    .findFirst());
    String filters =
        tags.filters().stream().map(UrlTemplates::encode).collect(Collectors.joining(";"));
    return new UrlTemplates(
        ",format="
            + tags.format().value()
            + (filters.isEmpty() ? "" : ",filter=" + filters)
            + encryption.map(value -> ",encryption=" + value).orElse(""));
  }

  /** Of the init segment. */
  String initialization(String track) {
    return template(track, "i");
  }

  /** Of media segments. */
  String media(String track) {
    return template(track, "$Time$");
  }

  private String template(String track, String segment) {
    return "QualityLevels($Bandwidth$)/Fragments(" + encode(track) + "=" + segment + tags + ")";
  }

  /** Percent-encodes what could end a name, or mean something in a template ({@code $}). */
  private static String encode(String name) {
    var out = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      if (PLAIN.indexOf(b) >= 0) {
        out.append((char) b);
      } else {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return out.toString();
  }
}
