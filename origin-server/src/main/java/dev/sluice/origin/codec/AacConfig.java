package dev.sluice.origin.codec;

/**
 * The AudioSpecificConfig of an {@code esds} box.
 *
 * @param objectType audio object type: 2 AAC-LC, 5 HE-AAC with explicit SBR, 29 with PS
 * @param sampleRateHz of the output, SBR included where it is signalled
 * @param channels of the output
 *     <p>Spec: ISO/IEC 14496-3 1.6.2.1.
 */
public record AacConfig(int objectType, int sampleRateHz, int channels) implements CodecConfig {

  @Override
  public String codecString(String fourCc) {
    return fourCc + ".40." + objectType;
  }
}
