package dev.sluice.origin.e2e;

import dev.sluice.origin.media.Scheme;
import java.util.List;
import java.util.stream.Stream;

/**
 * A kind of answer: a format under a scheme.
 *
 * @param format the value of {@code format=}, empty for Smooth Streaming 2.2
 * @param encryption the value of {@code encryption=}
 */
record Cell(String format, String encryption) {
  private static final List<String> FRAGMENTED =
      List.of("mpd-time-csf", "mpd-time-cmaf", "m3u8-cmaf");
  private static final List<String> TRANSPORT = List.of("m3u8-aapl", "m3u8-aapl-v3");
  private static final List<String> SMOOTH = List.of("", "fmp4-v20");

  /** Every one that is served. Transport streams have no {@code cenc}. */
  static Stream<Cell> all() {
    return Stream.of(
            of(FRAGMENTED, "none", "cenc", "cbcs", "cbc"),
            of(TRANSPORT, "none", "cbcs", "cbc"),
            of(SMOOTH, "none", "piff", "cenc", "cbcs", "cbc"))
        .flatMap(cells -> cells);
  }

  private static Stream<Cell> of(List<String> formats, String... encryptions) {
    return formats.stream().flatMap(f -> Stream.of(encryptions).map(e -> new Cell(f, e)));
  }

  static Stream<Cell> allProtected() {
    return all().filter(cell -> cell.scheme() != Scheme.CLEAR);
  }

  static Stream<Cell> all(Scheme scheme) {
    return all().filter(cell -> cell.scheme() == scheme);
  }

  Scheme scheme() {
    return switch (encryption) {
      case "none" -> Scheme.CLEAR;
      case "cenc", "piff" -> Scheme.CENC;
      case "cbcs" -> Scheme.CBCS;
      case "cbc" -> Scheme.CBC;
      default -> throw new AssertionError(encryption);
    };
  }

  boolean isDash() {
    return format.startsWith("mpd");
  }

  boolean isHls() {
    return format.startsWith("m3u8");
  }

  boolean isSmooth() {
    return !isDash() && !isHls();
  }

  boolean isTransportStream() {
    return TRANSPORT.contains(format);
  }

  /** Whether audio is in the segments of video. */
  boolean isMuxed() {
    return format.equals("m3u8-aapl-v3");
  }

  /** Whether there are segments of single pictures: in all but HLS version 3 and Smooth. */
  boolean hasTrickModes() {
    return !isMuxed() && !isSmooth();
  }

  boolean hasInit() {
    return !isTransportStream() && !isSmooth();
  }

  /** Whether each answer with media is encrypted as a whole. */
  boolean isEnvelope() {
    return scheme() == Scheme.CBC;
  }

  /** The same format in the clear. */
  Cell clear() {
    return new Cell(format, "none");
  }

  /** The path of its manifest. */
  String manifest(String asset) {
    return folder(asset)
        + "manifest(%sencryption=%s)"
            .formatted(format.isEmpty() ? "" : "format=" + format + ",", encryption);
  }

  /** The path that URLs in manifests are relative to, of an asset without a locator. */
  static String folder(String asset) {
    return "/%1$s/%1$s.ism/".formatted(asset);
  }

  @Override
  public String toString() {
    return (format.isEmpty() ? "smooth" : format) + " " + encryption;
  }
}
