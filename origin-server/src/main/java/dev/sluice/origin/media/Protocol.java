package dev.sluice.origin.media;

/** The streaming protocols that a delivery policy can name. */
public enum Protocol {
  DASH,
  HLS,
  SMOOTH_STREAMING,
  PROGRESSIVE_DOWNLOAD
}
