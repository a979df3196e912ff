package dev.sluice.origin.route;

import dev.sluice.origin.route.StreamTags.Encryption;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The relative URLs that manifests write: {@link UrlGrammar} backwards.
 *
 * <p>Tags stand in the order {@code track[=time],format[,type][,filter][,audiotrack][,system]
 * [,encryption]}. A tag is written only where its answer depends on it. Bitrates and times are
 * text, since a manifest writes templates: {@code $Bandwidth$}, {@code $Time$}, {@code {start
 * time}}.
 */
public final class ChildUrls {
  private static final String UNRESERVED = "-._~";

  private ChildUrls() {}

  /** {@code QualityLevels(b)/}: the folder of a rendition. */
  public static String qualityLevels(String bitrate) {
    return "QualityLevels(" + bitrate + ")/";
  }

  /**
   * {@code Fragments(track=time,...)}, relative to the folder of its rendition.
   *
   * <p>A filter is only written where it tells which audio is muxed into the segment, if any; other
   * segments that a filter leaves are the same as without it.
   *
   * @param time {@code i} for the init segment
   * @param keyframes whether the segment shall hold the fragment's first frame alone
   * @param encryption the tag to write, empty for none
   * @param extension with its dot, or empty
   */
  public static String fragment(
      String track,
      String time,
      boolean keyframes,
      StreamTags tags,
      Optional<Encryption> encryption,
      String extension) {
    var out = new StringBuilder("Fragments(").append(encode(track)).append('=').append(time);
    appendFormat(out, tags);
    appendType(out, keyframes);
    if (tags.format() == Format.HLS_TS_V3) {
      appendFilters(out, tags);
    }
    appendAudioTrack(out, tags);
    return close(out, encryption, extension);
  }

  /** {@code QualityLevels(b)/Fragments(track=time,...)}, relative to the {@code .ism}. */
  public static String levelFragment(
      String bitrate,
      String track,
      String time,
      boolean keyframes,
      StreamTags tags,
      Optional<Encryption> encryption,
      String extension) {
    return qualityLevels(bitrate) + fragment(track, time, keyframes, tags, encryption, extension);
  }

  /** {@code QualityLevels(b)/Manifest(track,...)}, relative to the {@code .ism}. */
  public static String mediaPlaylist(
      long bitrate,
      String track,
      boolean keyframes,
      StreamTags tags,
      Optional<Encryption> encryption,
      String extension) {
    var out =
        new StringBuilder(qualityLevels(Long.toString(bitrate)))
            .append("Manifest(")
            .append(encode(track));
    appendFormat(out, tags);
    appendType(out, keyframes);
    appendSelection(out, tags);
    if (!tags.systems().isEmpty()) {
      out.append(",system=").append(String.join(";", tags.systems()));
    }
    return close(out, encryption, extension);
  }

  /** {@code manifest(...)}, relative to the {@code .ism}. */
  public static String manifest(
      StreamTags tags, Optional<Encryption> encryption, String extension) {
    var inner = new StringBuilder();
    appendFormat(inner, tags);
    if (tags.audioOnly()) {
      inner.append(",audio-only=true");
    }
    appendSelection(inner, tags);
    if (!tags.systems().isEmpty()) {
      inner.append(",system=").append(String.join(";", tags.systems()));
    }
    encryption.ifPresent(value -> inner.append(",encryption=").append(value.value()));
    return inner.isEmpty()
        ? "manifest" + extension
        : "manifest(" + inner.substring(1) + ")" + extension;
  }

  private static void appendFormat(StringBuilder out, StreamTags tags) {
    if (!tags.format().value().isEmpty()) {
      out.append(",format=").append(tags.format().value());
    }
  }

  private static void appendSelection(StringBuilder out, StreamTags tags) {
    appendFilters(out, tags);
    appendAudioTrack(out, tags);
  }

  private static void appendFilters(StringBuilder out, StreamTags tags) {
    if (!tags.filters().isEmpty()) {
      out.append(",filter=").append(String.join(";", tags.filters()));
    }
  }

  private static void appendType(StringBuilder out, boolean keyframes) {
    if (keyframes) {
      out.append(",type=keyframes");
    }
  }

  private static void appendAudioTrack(StringBuilder out, StreamTags tags) {
    tags.audioTrack().ifPresent(track -> out.append(",audiotrack=").append(encode(track)));
  }

  private static String close(
      StringBuilder out, Optional<Encryption> encryption, String extension) {
    encryption.ifPresent(value -> out.append(",encryption=").append(value.value()));
    return out.append(')').append(extension).toString();
  }

  /** A name as a path has it: every byte of it that is not unreserved, percent-encoded. */
  public static String encode(String name) {
    var out = new StringBuilder(name.length());
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          (b >= '0' && b <= '9')
              || (b >= 'A' && b <= 'Z')
              || (b >= 'a' && b <= 'z')
              || UNRESERVED.indexOf(b) >= 0;
      if (plain) {
        out.append((char) b);
      } else {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return out.toString();
  }
}
