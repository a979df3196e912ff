package dev.sluice.origin.codec;

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
}
