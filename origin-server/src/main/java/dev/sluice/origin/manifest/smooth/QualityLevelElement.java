package dev.sluice.origin.manifest.smooth;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.manifest.XmlWriter;
import dev.sluice.origin.mp4.TrackHeader.SampleEntry;
import dev.sluice.origin.track.Track;

/**
 * The QualityLevel element of a track.
 *
 * <p>Spec: [MS-SSTR] 2.2.2.5, where it is called TrackElement.
 */
final class QualityLevelElement {
  private static final int AAC_LC_BASED_MAX = 4;
  private static final int DEFAULT_NAL_LENGTH_BYTES = 4;

  /** WAVE_FORMAT_RAW_AAC1: rate and channels are those of the output, behind SBR and PS. */
  private static final int RAW_AAC = 255;

  /** Of the decoded sound, as WAVEFORMATEX has them: clients expect them and use none. */
  private static final int BITS_PER_SAMPLE = 16;

  private static final int PACKET_BYTES = 4;

  private QualityLevelElement() {}

  /**
   * Writes the element.
   *
   * @param index of the track in its stream, from 0
   */
  static void write(XmlWriter xml, int index, Track track) {
    xml.begin("QualityLevel").attribute("Index", index).attribute("Bitrate", track.bitrate());
    switch (track.codec()) {
      case AvcConfig avc -> write(xml, avc, track.header().sampleEntries().getFirst());
      case AacConfig aac -> write(xml, aac, track.header().sampleEntries().getFirst());
    }
    xml.end();
  }

  private static void write(XmlWriter xml, AvcConfig avc, SampleEntry entry) {
    xml.attribute("FourCC", "H264")
        .attribute("MaxWidth", entry.width())
        .attribute("MaxHeight", entry.height())
        .attribute("CodecPrivateData", CodecPrivateData.of(avc));
    if (avc.nalLengthBytes() != DEFAULT_NAL_LENGTH_BYTES) {
      xml.attribute("NALUnitLengthField", avc.nalLengthBytes());
    }
  }

  private static void write(XmlWriter xml, AacConfig aac, SampleEntry entry) {
    xml.attribute("FourCC", aac.objectType() <= AAC_LC_BASED_MAX ? "AACL" : "AACH")
        .attribute("SamplingRate", aac.sampleRateHz())
        .attribute("Channels", aac.channels())
        .attribute("BitsPerSample", BITS_PER_SAMPLE)
        .attribute("PacketSize", PACKET_BYTES)
        .attribute("AudioTag", RAW_AAC)
        .attribute("CodecPrivateData", CodecPrivateData.ofAac(entry));
  }
}
