package dev.sluice.origin.codec;

import dev.sluice.origin.failure.ContentFailure;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The dynamic range of AVC video, from the video usability information of its sequence parameter
 * set.
 *
 * <p>Spec: AVC E.1.1, table E-4.
 */
public enum AvcColour {
  SDR,
  PQ,
  HLG;

  private static final int TRANSFER_PQ = 16;
  private static final int TRANSFER_HLG = 18;

  /**
   * The range that the first sequence parameter set states; SDR where it states none or there is
   * none, empty where it cannot be read.
   */
  public static Optional<AvcColour> of(AvcConfig config) {
    if (config.sps().isEmpty()) {
      return Optional.of(SDR);
    }
    var in = new BitReader(ByteBuffer.wrap(config.sps().getFirst()));
    try {
      return Optional.of(read(in));
    } catch (BitReader.CutShort | ContentFailure _) {
      return Optional.empty();
    }
  }

  private static AvcColour read(BitReader in) {
    if (!AvcVuiHead.follows(in)) {
      return SDR;
    }
    return switch (AvcVuiHead.read(in).transferCharacteristics()) {
      case TRANSFER_PQ -> PQ;
      case TRANSFER_HLG -> HLG;
      default -> SDR;
    };
  }
}
