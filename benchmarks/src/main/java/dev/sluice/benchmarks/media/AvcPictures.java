package dev.sluice.benchmarks.media;

import java.nio.ByteBuffer;
import java.util.Random;

/**
 * AVC as an encoder of 1080p at 25 pictures a second gives it: High profile, CABAC, weighted
 * prediction, closed groups of {@value #GROUP} pictures, two B pictures between P pictures. What is
 * behind the slice headers is noise, with emulation prevention.
 *
 * <pre>
 *   sample   delimiter | SEI of 60 bytes | slice | slice ...     each behind a length of 4 bytes
 * </pre>
 *
 * <p>Spec: AVC 7.3.
 */
final class AvcPictures {
  /** Pictures of a group: two seconds. */
  static final int GROUP = 50;

  static final int WIDTH = 1920;
  static final int HEIGHT = 1080;
  static final int PROFILE = 100;
  static final int LEVEL = 40;

  private static final int FRAME_NUM_BITS = 4;
  private static final int PICTURE_ORDER_BITS = 6;
  private static final int MACROBLOCKS = 120 * 68;
  private static final int LENGTH_BYTES = 4;
  private static final int SEI_BYTES = 60;
  private static final int P = 5;
  private static final int B = 6;
  private static final int I = 7;

  private final Random random = new Random(1);
  private final int slices;

  /**
   * @param slices of a picture
   */
  AvcPictures(int slices) {
    this.slices = slices;
  }

  /** The sequence parameter set. */
  static byte[] sps() {
    var out = new BitWriter().bits(8, 0x67).bits(8, PROFILE).bits(8, 0).bits(8, LEVEL);
    out.ue(0).ue(1).ue(0).ue(0).flag(false).flag(false); // 4:2:0, 8 bits
    out.ue(FRAME_NUM_BITS - 4).ue(0).ue(PICTURE_ORDER_BITS - 4).ue(4).flag(false);
    out.ue(119).ue(67).flag(true).flag(true); // 120 x 68 macroblocks
    out.flag(true).ue(0).ue(0).ue(0).ue(4); // cropped to 1080 lines
    out.flag(true).flag(false).flag(false).flag(false).flag(false);
    out.flag(true).bits(32, 1).bits(32, 50).flag(true); // 25 pictures a second
    out.flag(false).flag(false).flag(false);
    out.flag(true).flag(true).ue(0).ue(0).ue(10).ue(10).ue(1).ue(4); // one picture reordered
    return out.ended();
  }

  /** The picture parameter set: CABAC, 3 references back and 1 on, both weighted. */
  static byte[] pps() {
    var out = new BitWriter().bits(8, 0x68).ue(0).ue(0).flag(true).flag(false).ue(0);
    out.ue(2).ue(0).flag(true).bits(2, 2).se(-3).se(0).se(-2);
    out.flag(true).flag(false).flag(false).flag(true).flag(false).se(-2);
    return out.ended();
  }

  /** The size of a picture of a group: I five times, P one and a half times, B 0.6 of 30,000. */
  static int sizeBytes(int picture) {
    return switch (type(picture)) {
      case I -> 150_000;
      case P -> 45_000;
      default -> 18_000;
    };
  }

  /** By how many pictures a picture of a group is presented behind its decoding. */
  static int delay(int picture) {
    return switch (type(picture)) {
      case I -> 1;
      case P -> picture == GROUP - 1 ? 1 : 3;
      default -> 0;
    };
  }

  private static int type(int picture) {
    if (picture == 0) {
      return I;
    }
    return picture % 3 == 1 ? P : B;
  }

  /** A picture of a group as a sample. */
  byte[] sample(int picture) {
    var out = ByteBuffer.allocate(sizeBytes(picture));
    out.putInt(2).put((byte) 9).put((byte) 0xf0);
    out.putInt(SEI_BYTES);
    putNal(out, new byte[] {6, 5, SEI_BYTES - 4}, SEI_BYTES);
    int each = out.remaining() / slices;
    for (int i = 0; i < slices; i++) {
      int bytes = (i + 1 < slices ? each : out.remaining()) - LENGTH_BYTES;
      out.putInt(bytes);
      putNal(out, sliceHeader(picture, i * (MACROBLOCKS / slices)), bytes);
    }
    return out.array();
  }

  /** The NAL header and the slice header (AVC 7.3.3). */
  private byte[] sliceHeader(int picture, int firstMacroblock) {
    int type = type(picture);
    boolean idr = type == I;
    int nalHeader =
        switch (type) {
          case I -> 0x65;
          case P -> 0x41;
          default -> 0x01;
        };
    var out = new BitWriter().bits(8, nalHeader).ue(firstMacroblock).ue(type).ue(0);
    out.bits(FRAME_NUM_BITS, picture);
    if (idr) {
      out.ue(1); // idr_pic_id
    }
    out.bits(PICTURE_ORDER_BITS, 2L * (picture + delay(picture) - 1));
    if (type == B) {
      out.flag(true); // direct_spatial_mv_pred_flag
    }
    if (!idr) {
      out.flag(false).flag(false); // as many references as the set says, not reordered
    }
    if (type == B) {
      out.flag(false);
    }
    if (type == P) {
      out.ue(0).ue(0); // pred_weight_table of 3 references, none weighted
      out.bits(6, 0);
    }
    if (idr) {
      out.bits(2, 0);
    } else if (type == P) {
      out.flag(false); // adaptive_ref_pic_marking_mode_flag
    }
    if (!idr) {
      out.ue(0); // cabac_init_idc
    }
    out.se(random.nextInt(-6, 7)).ue(0).se(0).se(0);
    return out.filledWithOnes();
  }

  /** Puts a NAL unit of this head, filled up with noise. */
  private void putNal(ByteBuffer out, byte[] head, int bytes) {
    int end = out.position() + bytes;
    int zeros = 0;
    int at = 0;
    while (out.position() < end - 1) {
      byte next = at < head.length ? head[at] : (byte) random.nextInt();
      if (zeros == 2 && (next & 0xff) <= 3) {
        // emulation_prevention_three_byte; a head's byte comes again, noise is drawn anew.
        next = 3;
        at--;
      }
      zeros = next == 0 ? zeros + 1 : 0;
      out.put(next);
      at++;
    }
    out.put((byte) 0x80);
  }
}
