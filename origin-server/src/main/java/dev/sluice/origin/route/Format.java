package dev.sluice.origin.route;

import dev.sluice.origin.media.Protocol;

/** The value of {@code format=}, which names a protocol and its container. */
public enum Format {
  SMOOTH("", Protocol.SMOOTH_STREAMING),
  SMOOTH_20("fmp4-v20", Protocol.SMOOTH_STREAMING),
  HLS_TS("m3u8-aapl", Protocol.HLS),
  HLS_TS_V4("m3u8-aapl-v4", Protocol.HLS),
  HLS_TS_V3("m3u8-aapl-v3", Protocol.HLS),
  HLS_CMAF("m3u8-cmaf", Protocol.HLS),
  DASH_CSF("mpd-time-csf", Protocol.DASH),
  DASH_CMAF("mpd-time-cmaf", Protocol.DASH);

  private final String value;
  private final Protocol protocol;

  Format(String value, Protocol protocol) {
    this.value = value;
    this.protocol = protocol;
  }

  /** As URLs write it; empty for Smooth, which is what a URL without a format asks for. */
  public String value() {
    return value;
  }

  /** The protocol that it belongs to. */
  public Protocol protocol() {
    return protocol;
  }
}
