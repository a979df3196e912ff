package dev.sluice.origin.codec;

/**
 * The head of the video usability information of a sequence parameter set: what stands in front of
 * the sample locations of chroma.
 *
 * @param transferCharacteristics 2 (unspecified) where the set does not state it
 *     <p>Spec: AVC 7.3.2.1.1, E.1.1.
 */
record AvcVuiHead(int transferCharacteristics) {
  private static final int EXTENDED_SAR = 255;
  private static final int UNSPECIFIED = 2;
  private static final int CROPPED_EDGES = 4;

  /**
   * Whether a set has such information. Reads up to where it begins.
   *
   * @param in at the beginning of a whole set, its NAL header included
   */
  static boolean follows(BitReader in) {
    in.bits(8); // NAL header
    if (!AvcSps.read(in).frameMacroblocksOnly()) {
      in.flag(); // mb_adaptive_frame_field_flag
    }
    in.flag(); // direct_8x8_inference_flag
    if (in.flag()) {
      for (int edge = 0; edge < CROPPED_EDGES; edge++) {
        in.skipUe("frame_crop_offset");
      }
    }
    return in.flag();
  }

  /** Reads the head, behind {@link #follows}. */
  static AvcVuiHead read(BitReader in) {
    if (in.flag() && in.bits(8) == EXTENDED_SAR) {
      in.bits(16); // sar_width
      in.bits(16); // sar_height
    }
    if (in.flag()) {
      in.flag(); // overscan_appropriate_flag
    }
    int transfer = UNSPECIFIED;
    if (in.flag()) {
      in.bits(4); // video_format, video_full_range_flag
      if (in.flag()) {
        in.bits(8); // colour_primaries
        transfer = in.bits(8);
        in.bits(8); // matrix_coefficients
      }
    }
    return new AvcVuiHead(transfer);
  }
}
