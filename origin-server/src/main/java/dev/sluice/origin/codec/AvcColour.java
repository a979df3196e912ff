package dev.sluice.origin.codec;

import dev.sluice.origin.failure.ContentFailure;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The dynamic range of AVC video, from the video usability information of its sequence parameter
 * set.
 *
 * <p>Spec: AVC E.1.1, table E-4.
 */
public enum AvcColour {
  SDR,
  PQ,
  HLG;

  private static final int EXTENDED_SAR = 255;
  private static final int TRANSFER_PQ = 16;
  private static final int TRANSFER_HLG = 18;
  private static final int MAX_CROP = 1 << 16;

  /**
   * The range that the first sequence parameter set states; SDR where it states none or there is
   * none, empty where it cannot be read.
   */
  public static Optional<AvcColour> of(AvcConfig config) {
    if (config.sps().isEmpty()) {
      return Optional.of(SDR);
    }
    var in = new BitReader(ByteBuffer.wrap(config.sps().getFirst()));
    try {
      in.bits(8); // NAL header
      return Optional.of(read(in, AvcSps.read(in)));
    } catch (BitReader.CutShort | ContentFailure _) {
      return Optional.empty();
    }
  }

  /** Reads on from where {@link AvcSps#read} stops. */
  private static AvcColour read(BitReader in, AvcSps sps) {
    if (!sps.frameMacroblocksOnly()) {
      in.flag(); // mb_adaptive_frame_field_flag
    }
    in.flag(); // direct_8x8_inference_flag
    if (in.flag()) {
      for (String side : new String[] {"left", "right", "top", "bottom"}) {
        in.ue("frame_crop_" + side + "_offset", MAX_CROP);
      }
    }
    return in.flag() ? readUsability(in) : SDR;
  }

  private static AvcColour readUsability(BitReader in) {
    if (in.flag() && in.bits(8) == EXTENDED_SAR) {
      in.bits(16); // sar_width
      in.bits(16); // sar_height
    }
    if (in.flag()) {
      in.flag(); // overscan_appropriate_flag
    }
    boolean signalType = in.flag();
    if (!signalType) {
      return SDR;
    }
    in.bits(4); // video_format, video_full_range_flag
    boolean description = in.flag();
    if (!description) {
      return SDR;
    }
    in.bits(8); // colour_primaries
    return switch (in.bits(8)) {
      case TRANSFER_PQ -> PQ;
      case TRANSFER_HLG -> HLG;
      default -> SDR;
    };
  }
}
