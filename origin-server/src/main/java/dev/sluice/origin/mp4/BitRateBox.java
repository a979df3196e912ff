package dev.sluice.origin.mp4;

/**
 * The {@code btrt} box: the bit rates of a sample entry, in bits a second, 0 where not known.
 *
 * <p>Spec: ISOBMFF 8.5.2.2.
 */
public record BitRateBox(long maxBitrate, long averageBitrate) {

  /** Reads the payload. */
  public static BitRateBox read(BoxReader in) {
    in.skip(4, "bufferSizeDB");
    return new BitRateBox(in.uint32("maxBitrate"), in.uint32("avgBitrate"));
  }
}
