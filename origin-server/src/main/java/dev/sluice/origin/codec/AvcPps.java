package dev.sluice.origin.codec;

/**
 * The picture parameter set, as far as slice headers depend on it.
 *
 * @param id pic_parameter_set_id
 * @param spsId the sequence parameter set it goes with, looked up only when a slice uses it
 * @param cabac entropy_coding_mode_flag
 * @param picOrderPresent bottom_field_pic_order_in_frame_present_flag
 * @param sliceGroupChangeRate SliceGroupChangeRate; 0 where slices carry no
 *     slice_group_change_cycle
 * @param activeL0 num_ref_idx_l0_default_active_minus1 + 1
 * @param activeL1 num_ref_idx_l1_default_active_minus1 + 1
 * @param weightedPrediction weighted_pred_flag
 * @param weightedBipredictionIdc 1: weights are in the slices
 * @param deblockingControlPresent deblocking_filter_control_present_flag
 * @param redundantPicCntPresent redundant_pic_cnt_present_flag
 *     <p>Spec: AVC 7.3.2.2.
 */
record AvcPps(
    int id,
    int spsId,
    boolean cabac,
    boolean picOrderPresent,
    int sliceGroupChangeRate,
    int activeL0,
    int activeL1,
    boolean weightedPrediction,
    int weightedBipredictionIdc,
    boolean deblockingControlPresent,
    boolean redundantPicCntPresent) {

  static final int MAX_ID = 255;
  static final int MAX_ACTIVE_MINUS1 = 31;
  private static final int MAX_GROUPS_MINUS1 = 7;
  private static final int MAX_MAP_UNITS_MINUS1 = 4096 * 4096 - 1;

  /** Reads the set up to where slice headers stop to depend on it. The NAL header is read. */
  static AvcPps read(BitReader in) {
    int id = in.ue("pic_parameter_set_id", MAX_ID);
    int spsId = in.ue("seq_parameter_set_id", AvcSps.MAX_ID);
    boolean cabac = in.flag();
    boolean picOrderPresent = in.flag();
    int groupsMinus1 = in.ue("num_slice_groups_minus1", MAX_GROUPS_MINUS1);
    int changeRate = groupsMinus1 > 0 ? readSliceGroups(in, groupsMinus1) : 0;
    int activeL0 = in.ue("num_ref_idx_l0_default_active_minus1", MAX_ACTIVE_MINUS1) + 1;
    int activeL1 = in.ue("num_ref_idx_l1_default_active_minus1", MAX_ACTIVE_MINUS1) + 1;
    boolean weighted = in.flag();
    int bipredictionIdc = in.bits(2);
    if (bipredictionIdc > 2) {
      throw in.malformed("weighted_bipred_idc: 3 (expected: <= 2)");
    }
    in.se("pic_init_qp_minus26", -62, 25);
    in.se("pic_init_qs_minus26", -26, 25);
    in.se("chroma_qp_index_offset", -12, 12);
    boolean deblocking = in.flag();
    in.flag(); // constrained_intra_pred_flag
    boolean redundant = in.flag();
    return new AvcPps(
        id,
        spsId,
        cabac,
        picOrderPresent,
        changeRate,
        activeL0,
        activeL1,
        weighted,
        bipredictionIdc,
        deblocking,
        redundant);
  }

  /** Reads the map of slice groups. Its change rate, or 0 for a map that does not change. */
  private static int readSliceGroups(BitReader in, int groupsMinus1) {
    int mapType = in.ue("slice_group_map_type", 6);
    switch (mapType) {
      case 0 -> {
        for (int group = 0; group <= groupsMinus1; group++) {
          in.ue("run_length_minus1", MAX_MAP_UNITS_MINUS1);
        }
      }
      case 2 -> {
        for (int group = 0; group < groupsMinus1; group++) {
          in.ue("top_left", MAX_MAP_UNITS_MINUS1);
          in.ue("bottom_right", MAX_MAP_UNITS_MINUS1);
        }
      }
      case 3, 4, 5 -> {
        in.flag(); // slice_group_change_direction_flag
        return in.ue("slice_group_change_rate_minus1", MAX_MAP_UNITS_MINUS1) + 1;
      }
      case 6 -> {
        int units = in.ue("pic_size_in_map_units_minus1", MAX_MAP_UNITS_MINUS1) + 1;
        int groupIdBits = Integer.SIZE - Integer.numberOfLeadingZeros(groupsMinus1);
        for (int unit = 0; unit < units; unit++) {
          in.bits(groupIdBits);
        }
      }
      default -> {
        // Type 1 is dispersed by a formula, without parameters.
      }
    }
    return 0;
  }
}
