package dev.sluice.origin.manifest.smooth;

import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.mp4.BoxReader;
import dev.sluice.origin.mp4.ElementaryStreamBox;
import dev.sluice.origin.mp4.TrackHeader.SampleEntry;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The CodecPrivateData of a QualityLevel, in hexadecimal: all that a client knows of a track's
 * codec, since Smooth has no init segments.
 *
 * <p>Spec: [MS-SSTR] 2.2.2.5.
 */
final class CodecPrivateData {
  private static final String START_CODE = "00000001";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private CodecPrivateData() {}

  /**
   * The sequence parameter sets, then the picture parameter sets, each behind a start code.
   *
   * @throws ContentFailure if there are none, because they stand in the samples
   */
  static String of(AvcConfig avc) {
    if (avc.sps().isEmpty() || avc.pps().isEmpty()) {
      throw new ContentFailure(
          FailureCode.MPE_VIDEO_ENCODING_NOT_SUPPORTED,
          "parameter sets: none (expected: SPS and PPS, which the client manifest states)",
          "avcC");
    }
    var out = new StringBuilder();
    for (var set : avc.sps()) {
      out.append(START_CODE).append(HEX.formatHex(set));
    }
    for (var set : avc.pps()) {
      out.append(START_CODE).append(HEX.formatHex(set));
    }
    return out.toString();
  }

  /**
   * The AudioSpecificConfig.
   *
   * @param entry with an {@code esds} box
   */
  static String ofAac(SampleEntry entry) {
    BoxReader in = BoxReader.ofBox(entry.box().asBuffer(), 0);
    in.skip(entry.childrenOffset() - in.readBytes(), "sample entry");
    while (in.remaining() >= Long.BYTES) {
      Optional<BoxReader> child = in.nextChild();
      if (child.isPresent() && child.get().type().equals("esds")) {
        var stream = ElementaryStreamBox.read(child.get());
        return HEX.formatHex(stream.decoderSpecificInfo().toArray());
      }
    }
    throw in.malformed("esds: none (expected: one)", "");
  }
}
