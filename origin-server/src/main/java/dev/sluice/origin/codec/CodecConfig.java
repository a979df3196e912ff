package dev.sluice.origin.codec;

/** What a sample entry says of its codec. */
public sealed interface CodecConfig permits AvcConfig, AacConfig {

  /**
   * The RFC 6381 codec string, such as {@code avc1.64001f}.
   *
   * @param fourCc of the sample entry, before any encryption
   */
  String codecString(String fourCc);
}
