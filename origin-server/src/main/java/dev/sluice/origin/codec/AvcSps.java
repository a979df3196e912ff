package dev.sluice.origin.codec;

/**
 * The sequence parameter set, as far as slice headers depend on it.
 *
 * @param id seq_parameter_set_id
 * @param chromaFormatIdc 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4
 * @param separateColourPlanes whether the three planes of 4:4:4 are coded as pictures of their own
 * @param frameNumBits the length of frame_num
 * @param picOrderCntType 0, 1 or 2
 * @param picOrderCntLsbBits the length of pic_order_cnt_lsb; 0 unless the type is 0
 * @param deltaPicOrderAlwaysZero whether slices carry no delta_pic_order_cnt; type 1 only
 * @param sizeInMapUnits PicSizeInMapUnits
 * @param frameMacroblocksOnly whether there are no fields
 *     <p>Spec: AVC 7.3.2.1.1.
 */
record AvcSps(
    int id,
    int chromaFormatIdc,
    boolean separateColourPlanes,
    int frameNumBits,
    int picOrderCntType,
    int picOrderCntLsbBits,
    boolean deltaPicOrderAlwaysZero,
    int sizeInMapUnits,
    boolean frameMacroblocksOnly) {

  static final int MAX_ID = 31;
  private static final int MAX_LOG2_MINUS4 = 12;
  private static final int MAX_CYCLE_LENGTH = 255;
  private static final int MAX_REFERENCE_FRAMES = 16;

  /** 4,096 macroblocks, 65,536 samples: four times what level 6.2 allows. */
  private static final int MAX_SIDE_MINUS1 = 4095;

  private static final int CHROMA_444 = 3;

  /** ChromaArrayType: 0 if a slice holds no chroma. */
  int chromaArrayType() {
    return separateColourPlanes ? 0 : chromaFormatIdc;
  }

  /** Reads the set up to where slice headers stop to depend on it. The NAL header is read. */
  static AvcSps read(BitReader in) {
    int profile = in.bits(8);
    in.bits(16); // constraint flags, level_idc
    int id = in.ue("seq_parameter_set_id", MAX_ID);
    int chromaFormatIdc = 1;
    boolean separate = false;
    if (hasChromaFormat(profile)) {
      chromaFormatIdc = in.ue("chroma_format_idc", CHROMA_444);
      separate = chromaFormatIdc == CHROMA_444 && in.flag();
      in.ue("bit_depth_luma_minus8", 6);
      in.ue("bit_depth_chroma_minus8", 6);
      in.flag(); // qpprime_y_zero_transform_bypass_flag
      if (in.flag()) {
        readScalingLists(in, chromaFormatIdc == CHROMA_444 ? 12 : 8);
      }
    }
    int frameNumBits = in.ue("log2_max_frame_num_minus4", MAX_LOG2_MINUS4) + 4;
    int picOrderCntType = in.ue("pic_order_cnt_type", 2);
    int lsbBits = 0;
    boolean alwaysZero = false;
    if (picOrderCntType == 0) {
      lsbBits = in.ue("log2_max_pic_order_cnt_lsb_minus4", MAX_LOG2_MINUS4) + 4;
    } else if (picOrderCntType == 1) {
      alwaysZero = in.flag();
      readPicOrderCycle(in);
    }
    in.ue("max_num_ref_frames", MAX_REFERENCE_FRAMES);
    in.flag(); // gaps_in_frame_num_value_allowed_flag
    int width = in.ue("pic_width_in_mbs_minus1", MAX_SIDE_MINUS1) + 1;
    int height = in.ue("pic_height_in_map_units_minus1", MAX_SIDE_MINUS1) + 1;
    boolean framesOnly = in.flag();
    return new AvcSps(
        id,
        chromaFormatIdc,
        separate,
        frameNumBits,
        picOrderCntType,
        lsbBits,
        alwaysZero,
        width * height,
        framesOnly);
  }

  private static boolean hasChromaFormat(int profile) {
    return switch (profile) {
      case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> true;
      default -> false;
    };
  }

  private static void readPicOrderCycle(BitReader in) {
    in.skipSe("offset_for_non_ref_pic");
    in.skipSe("offset_for_top_to_bottom_field");
    int cycle = in.ue("num_ref_frames_in_pic_order_cnt_cycle", MAX_CYCLE_LENGTH);
    for (int i = 0; i < cycle; i++) {
      in.skipSe("offset_for_ref_frame");
    }
  }

  private static void readScalingLists(BitReader in, int count) {
    for (int list = 0; list < count; list++) {
      if (in.flag()) {
        readScalingList(in, list < 6 ? 16 : 64);
      }
    }
  }

  /** A list ends early where the next scale becomes 0: the rest repeats the last one. */
  private static void readScalingList(BitReader in, int size) {
    int scale = 8;
    for (int i = 0; i < size && scale != 0; i++) {
      scale = scale + in.se("delta_scale", -128, 127) & 0xff;
    }
  }
}
