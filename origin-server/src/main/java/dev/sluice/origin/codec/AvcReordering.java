package dev.sluice.origin.codec;

import dev.sluice.origin.failure.ContentFailure;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * How long pictures may wait to be output in order, as the usability information of a sequence
 * parameter set tells.
 *
 * @param maxFrames max_num_reorder_frames, 0 to 16
 * @param frameUnits how many units of time a frame lasts, if all last equally long: twice
 *     num_units_in_tick
 * @param unitsPerSecond time_scale, at least 1
 *     <p>Spec: AVC 7.3.2.1.1, E.1.
 */
public record AvcReordering(int maxFrames, long frameUnits, long unitsPerSecond) {
  private static final int MAX_FRAMES = 16;

  /**
   * Reads a set.
   *
   * @param sps a whole NAL unit without length field; borrowed, its position stays
   * @return empty if the set does not tell, or is malformed
   */
  public static Optional<AvcReordering> read(ByteBuffer sps) {
    var in = new BitReader(sps);
    try {
      return AvcVuiHead.follows(in) ? readUsability(in) : Optional.empty();
    } catch (BitReader.CutShort | ContentFailure _) {
      return Optional.empty();
    }
  }

  private static Optional<AvcReordering> readUsability(BitReader in) {
    AvcVuiHead.read(in);
    if (in.flag()) {
      in.ue("chroma_sample_loc_type_top_field", 5);
      in.ue("chroma_sample_loc_type_bottom_field", 5);
    }
    if (!in.flag()) {
      return Optional.empty();
    }
    long unitsInTick = uint32(in);
    long timeScale = uint32(in);
    in.flag(); // fixed_frame_rate_flag
    skipBuffering(in);
    in.flag(); // pic_struct_present_flag
    if (!in.flag() || timeScale == 0) {
      return Optional.empty();
    }
    in.flag(); // motion_vectors_over_pic_boundaries_flag
    in.ue("max_bytes_per_pic_denom", 16);
    in.ue("max_bits_per_mb_denom", 16);
    in.ue("log2_max_mv_length_horizontal", 16);
    in.ue("log2_max_mv_length_vertical", 16);
    int maxFrames = in.ue("max_num_reorder_frames", MAX_FRAMES);
    return Optional.of(new AvcReordering(maxFrames, 2 * unitsInTick, timeScale));
  }

  private static void skipBuffering(BitReader in) {
    boolean nal = in.flag();
    if (nal) {
      skipHrd(in);
    }
    boolean vcl = in.flag();
    if (vcl) {
      skipHrd(in);
    }
    if (nal || vcl) {
      in.flag(); // low_delay_hrd_flag
    }
  }

  private static void skipHrd(BitReader in) {
    int count = in.ue("cpb_cnt_minus1", 31) + 1;
    in.bits(8); // bit_rate_scale, cpb_size_scale
    for (int i = 0; i < count; i++) {
      in.ue("bit_rate_value_minus1", Integer.MAX_VALUE);
      in.ue("cpb_size_value_minus1", Integer.MAX_VALUE);
      in.flag(); // cbr_flag
    }
    in.bits(20); // lengths of delays and of the time offset
  }

  private static long uint32(BitReader in) {
    return (long) in.bits(16) << 16 | in.bits(16);
  }
}
