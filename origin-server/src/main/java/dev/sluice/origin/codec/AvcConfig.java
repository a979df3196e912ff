package dev.sluice.origin.codec;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The AVC decoder configuration record ({@code avcC}).
 *
 * @param profile profile_idc
 * @param compatibility the byte of constraint flags
 * @param level level_idc
 * @param nalLengthBytes 1, 2 or 4: the size of the length field before each NAL unit in a sample
 * @param sps sequence parameter sets, whole NAL units without length field
 * @param pps picture parameter sets, whole NAL units without length field
 *     <p>Spec: ISO/IEC 14496-15 5.3.3.1.
 */
public record AvcConfig(
    int profile,
    int compatibility,
    int level,
    int nalLengthBytes,
    List<byte[]> sps,
    List<byte[]> pps)
    implements CodecConfig {

  public AvcConfig {
    sps = List.copyOf(sps);
    pps = List.copyOf(pps);
  }

  @Override
  public String codecString(String fourCc) {
    var hex = HexFormat.of();
    return fourCc
        + "."
        + hex.toHexDigits((byte) profile)
        + hex.toHexDigits((byte) compatibility)
        + hex.toHexDigits((byte) level);
  }

  /**
   * Reads the payload of an {@code avcC} box. Extensions behind the picture parameter sets are
   * passed over.
   *
   * @throws ContentFailure if it is cut short or its version is not 1
   */
  public static AvcConfig parse(ByteBuffer payload) {
    ByteBuffer in = payload.slice();
    require(in, 6, "fixed fields");
    int version = in.get() & 0xFF;
    if (version != 1) {
      throw malformed("configurationVersion: %d (expected: 1)".formatted(version));
    }
    int profile = in.get() & 0xFF;
    int compatibility = in.get() & 0xFF;
    int level = in.get() & 0xFF;
    int nalLengthBytes = (in.get() & 3) + 1;
    if (nalLengthBytes == 3) {
      throw malformed("lengthSizeMinusOne: 2 (expected: 0, 1 or 3)");
    }
    List<byte[]> sps = parameterSets(in, in.get() & 0x1F);
    require(in, 1, "numOfPictureParameterSets");
    List<byte[]> pps = parameterSets(in, in.get() & 0xFF);
    return new AvcConfig(profile, compatibility, level, nalLengthBytes, sps, pps);
  }

  private static List<byte[]> parameterSets(ByteBuffer in, int count) {
    List<byte[]> sets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      require(in, 2, "parameterSetLength");
      int length = in.getShort() & 0xFFFF;
      require(in, length, "parameter set");
      byte[] set = new byte[length];
      in.get(set);
      sets.add(set);
    }
    return sets;
  }

  private static void require(ByteBuffer in, int bytes, String field) {
    if (in.remaining() < bytes) {
      throw malformed("%s: %d bytes left (expected: %d)".formatted(field, in.remaining(), bytes));
    }
  }

  private static ContentFailure malformed(String message) {
    return new ContentFailure(FailureCode.MPE_INPUT_NOT_SUPPORTED, message, "avcC");
  }
}
