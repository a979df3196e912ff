package dev.sluice.origin.segment;

/** The boxes that a media segment is made of. */
public enum SegmentBoxes {
  /** Those of DASH and HLS: {@code styp}, {@code tfdt}, {@code senc}. */
  CMAF,
  /** Those of Smooth Streaming: the {@code uuid} forms of the encryption and of the time. */
  PIFF
}
