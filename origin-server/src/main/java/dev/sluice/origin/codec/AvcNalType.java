package dev.sluice.origin.codec;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;

/**
 * What a NAL unit is for, by its nal_unit_type.
 *
 * <p>Spec: AVC 7.4.1, table 7-1.
 */
public enum AvcNalType {
  /** A slice of a picture, types 1 and 5: its payload is what gets protected. */
  SLICE,
  /** A sequence or picture parameter set, types 7 and 8. */
  PARAMETER_SET,
  /** Anything else that holds no picture: SEI, delimiters, filler, extensions of sets. */
  OTHER;

  private static final int TYPE_MASK = 0x1f;
  private static final int FORBIDDEN_BIT = 0x80;
  static final int IDR_SLICE = 5;
  static final int SPS = 7;
  static final int PPS = 8;

  /** The nal_unit_type in a NAL header. */
  public static int of(byte header) {
    return header & TYPE_MASK;
  }

  /**
   * The kind of a NAL unit with this header.
   *
   * @throws ContentFailure for data partitions, auxiliary pictures, further layers and views, and
   *     types without a meaning: what they hold could be picture data, so they are not left clear
   */
  public static AvcNalType require(byte header) {
    int type = of(header);
    if ((header & FORBIDDEN_BIT) != 0) {
      throw new ContentFailure(
          FailureCode.MPE_INPUT_NOT_SUPPORTED,
          "forbidden_zero_bit: 1 (expected: 0)",
          "NAL type %d, bit 0".formatted(type));
    }
    return switch (type) {
      case 1, IDR_SLICE -> SLICE;
      case SPS, PPS -> PARAMETER_SET;
      case 6, 9, 10, 11, 12, 13, 14, 15, 16 -> OTHER;
      default ->
          throw new ContentFailure(
              FailureCode.MPE_NAL_NOT_SUPPORTED,
              "nal_unit_type: %d (expected: 1, or 5 to 16)".formatted(type),
              "NAL type %d, bit 3".formatted(type));
    };
  }
}
