package dev.sluice.origin.codec;

import dev.sluice.origin.failure.ContentFailure;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * The header of a slice: how long it is. All of its syntax is read, since its end is marked by
 * nothing else.
 *
 * <p>Spec: AVC 7.3.3.
 */
public final class AvcSliceHeader {
  private static final int P = 0;
  private static final int B = 1;
  private static final int I = 2;
  private static final int SP = 3;
  private static final int SI = 4;
  private static final int SLICE_TYPES = 5;

  /** The bound of num_ref_idx_active, and so of the modifications of a list. */
  private static final int MAX_MODIFICATIONS = 32;

  /** Each of 32 fields unmarked, each marked long-term, and two that come once. */
  private static final int MAX_MARKINGS = 66;

  private final BitReader in;
  private final AvcParameterSets sets;

  private AvcSliceHeader(BitReader in, AvcParameterSets sets) {
    this.in = in;
    this.sets = sets;
  }

  /**
   * The length of the NAL header and the slice header, in bytes of the NAL unit: the bits rounded
   * up, and the emulation prevention bytes between them counted.
   *
   * @param nal a whole NAL unit of type 1 or 5, without length field; borrowed, its position stays
   * @throws ContentFailure if it is malformed, of another type, or refers to an unknown set
   */
  public static int lengthBytes(ByteBuffer nal, AvcParameterSets sets) {
    var in = new BitReader(nal);
    try {
      return new AvcSliceHeader(in, sets).read();
    } catch (BitReader.CutShort _) {
      throw in.malformed(
          "slice: %d bytes (expected: no end within its header)".formatted(nal.remaining()));
    }
  }

  /** As {@link #lengthBytes(ByteBuffer, AvcParameterSets)}. */
  public static int lengthBytes(byte[] nal, AvcParameterSets sets) {
    return lengthBytes(ByteBuffer.wrap(nal), sets);
  }

  /**
   * The same of the first bytes of a NAL unit; empty if the header does not end within them.
   *
   * @param nal the first bytes of a NAL unit; borrowed, its position stays
   * @throws ContentFailure as above
   */
  public static OptionalInt findLengthBytes(ByteBuffer nal, AvcParameterSets sets) {
    try {
      return OptionalInt.of(new AvcSliceHeader(new BitReader(nal), sets).read());
    } catch (BitReader.CutShort _) {
      return OptionalInt.empty();
    }
  }

  private int read() {
    byte nalHeader = (byte) in.bits(8);
    if (AvcNalType.require(nalHeader) != AvcNalType.SLICE) {
      throw in.malformed(
          "nal_unit_type: %d (expected: a slice)".formatted(AvcNalType.of(nalHeader)));
    }
    boolean idr = AvcNalType.of(nalHeader) == AvcNalType.IDR_SLICE;
    boolean reference = (nalHeader & 0x60) != 0;
    in.skipUe("first_mb_in_slice");
    int type = in.ue("slice_type", 2 * SLICE_TYPES - 1) % SLICE_TYPES;
    var pps = sets.requirePps(in.ue("pic_parameter_set_id", AvcPps.MAX_ID), in);
    var sps = sets.requireSps(pps, in);
    readPictureNumbers(sps, pps, idr);
    if (pps.redundantPicCntPresent()) {
      in.ue("redundant_pic_cnt", 127);
    }
    if (type == B) {
      in.flag(); // direct_spatial_mv_pred_flag
    }
    if (type == P || type == SP || type == B) {
      readReferences(sps, pps, type);
    }
    if (reference) {
      readMarking(idr);
    }
    if (pps.cabac() && type != I && type != SI) {
      in.ue("cabac_init_idc", 2);
    }
    in.skipSe("slice_qp_delta");
    if (type == SP) {
      in.flag(); // sp_for_switch_flag
    }
    if (type == SP || type == SI) {
      in.skipSe("slice_qs_delta");
    }
    if (pps.deblockingControlPresent() && in.ue("disable_deblocking_filter_idc", 2) != 1) {
      in.se("slice_alpha_c0_offset_div2", -6, 6);
      in.se("slice_beta_offset_div2", -6, 6);
    }
    if (pps.sliceGroupChangeRate() > 0) {
      in.bits(changeCycleBits(sps.sizeInMapUnits(), pps.sliceGroupChangeRate()));
    }
    return in.consumedBytes();
  }

  /** Ceil(Log2(size / rate + 1)) with an exact quotient: the bits of the quotient rounded up. */
  private static int changeCycleBits(int size, int rate) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(Math.ceilDiv(size, rate));
  }

  private void readPictureNumbers(AvcSps sps, AvcPps pps, boolean idr) {
    if (sps.separateColourPlanes()) {
      in.bits(2); // colour_plane_id
    }
    in.bits(sps.frameNumBits());
    boolean field = !sps.frameMacroblocksOnly() && in.flag();
    if (field) {
      in.flag(); // bottom_field_flag
    }
    if (idr) {
      in.ue("idr_pic_id", 65_535);
    }
    boolean bothFields = pps.picOrderPresent() && !field;
    if (sps.picOrderCntType() == 0) {
      in.bits(sps.picOrderCntLsbBits());
      if (bothFields) {
        in.skipSe("delta_pic_order_cnt_bottom");
      }
    } else if (sps.picOrderCntType() == 1 && !sps.deltaPicOrderAlwaysZero()) {
      in.skipSe("delta_pic_order_cnt[0]");
      if (bothFields) {
        in.skipSe("delta_pic_order_cnt[1]");
      }
    }
  }

  private void readReferences(AvcSps sps, AvcPps pps, int type) {
    int activeL0 = pps.activeL0();
    int activeL1 = pps.activeL1();
    if (in.flag()) { // num_ref_idx_active_override_flag
      activeL0 = in.ue("num_ref_idx_l0_active_minus1", AvcPps.MAX_ACTIVE_MINUS1) + 1;
      if (type == B) {
        activeL1 = in.ue("num_ref_idx_l1_active_minus1", AvcPps.MAX_ACTIVE_MINUS1) + 1;
      }
    }
    readListModification();
    if (type == B) {
      readListModification();
    }
    boolean weights = type == B ? pps.weightedBipredictionIdc() == 1 : pps.weightedPrediction();
    if (weights) {
      boolean chroma = sps.chromaArrayType() != 0;
      in.ue("luma_log2_weight_denom", 7);
      if (chroma) {
        in.ue("chroma_log2_weight_denom", 7);
      }
      readWeights(activeL0, chroma);
      if (type == B) {
        readWeights(activeL1, chroma);
      }
    }
  }

  /** AVC 7.3.3.1. */
  private void readListModification() {
    if (!in.flag()) {
      return;
    }
    for (int i = 0; in.ue("modification_of_pic_nums_idc", 3) != 3; i++) {
      if (i == MAX_MODIFICATIONS) {
        throw in.malformed("modifications of a reference list: more than 32 (expected: <= 32)");
      }
      in.skipUe("abs_diff_pic_num_minus1 or long_term_pic_num");
    }
  }

  /** AVC 7.3.3.2, for one list. */
  private void readWeights(int active, boolean chroma) {
    for (int i = 0; i < active; i++) {
      if (in.flag()) {
        readWeight();
      }
      if (chroma && in.flag()) {
        readWeight();
        readWeight();
      }
    }
  }

  private void readWeight() {
    in.se("weight", -128, 127);
    in.se("offset", -128, 127);
  }

  /** AVC 7.3.3.3. */
  private void readMarking(boolean idr) {
    if (idr) {
      in.bits(2); // no_output_of_prior_pics_flag, long_term_reference_flag
      return;
    }
    if (!in.flag()) { // adaptive_ref_pic_marking_mode_flag
      return;
    }
    int operation = in.ue("memory_management_control_operation", 6);
    for (int i = 0; operation != 0; i++) {
      if (i == MAX_MARKINGS) {
        throw in.malformed("memory management operations: more than 66 (expected: <= 66)");
      }
      int operands =
          switch (operation) {
            case 3 -> 2;
            case 5 -> 0;
            default -> 1;
          };
      for (int operand = 0; operand < operands; operand++) {
        in.skipUe("operand of memory_management_control_operation");
      }
      operation = in.ue("memory_management_control_operation", 6);
    }
  }
}
