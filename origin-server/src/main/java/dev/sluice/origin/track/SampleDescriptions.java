package dev.sluice.origin.track;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.codec.CodecConfig;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.mp4.BoxReader;
import dev.sluice.origin.mp4.ElementaryStreamBox;
import dev.sluice.origin.mp4.TrackHeader;
import dev.sluice.origin.mp4.TrackHeader.SampleEntry;
import java.util.Optional;

/** Sample entries to codec configurations. What is not supported is refused by name. */
final class SampleDescriptions {
  private static final int AAC = 0x40;

  private SampleDescriptions() {}

  /** The configuration of a track's first entry. All of its entries have to be supported. */
  static CodecConfig read(TrackHeader track, TrackKind kind) {
    for (SampleEntry entry : track.sampleEntries()) {
      parse(entry, kind);
    }
    return parse(track.sampleEntries().getFirst(), kind);
  }

  private static CodecConfig parse(SampleEntry entry, TrackKind kind) {
    return switch (kind) {
      case VIDEO -> {
        if (!entry.fourCc().equals("avc1") && !entry.fourCc().equals("avc3")) {
          throw unknown(FailureCode.MPE_VIDEO_ENCODING_NOT_SUPPORTED, entry);
        }
        yield avc(entry);
      }
      case AUDIO -> {
        if (!entry.fourCc().equals("mp4a")) {
          throw unknown(FailureCode.MPE_AUDIO_ENCODING_NOT_SUPPORTED, entry);
        }
        yield aac(entry);
      }
      case TEXT -> throw unknown(FailureCode.MPE_MEDIA_TYPE_NOT_SUPPORTED, entry);
    };
  }

  private static AvcConfig avc(SampleEntry entry) {
    BoxReader box = child(entry, "avcC");
    AvcConfig config = AvcConfig.parse(box.view(box.remaining(), "avcC"));
    if (entry.fourCc().equals("avc1") && (config.sps().isEmpty() || config.pps().isEmpty())) {
      throw box.malformed("parameter sets: none (expected: SPS and PPS)", "ISO/IEC 14496-15 5.4.2");
    }
    return config;
  }

  private static AacConfig aac(SampleEntry entry) {
    BoxReader box = child(entry, "esds");
    ElementaryStreamBox stream = ElementaryStreamBox.read(box);
    if (stream.objectType() != AAC) {
      throw box.refused(
          FailureCode.MPE_AUDIO_ENCODING_NOT_SUPPORTED,
          "objectTypeIndication: 0x%02x (expected: 0x40, AAC)".formatted(stream.objectType()),
          "");
    }
    return AacConfig.parse(stream.decoderSpecificInfo().asBuffer());
  }

  private static BoxReader child(SampleEntry entry, String type) {
    BoxReader in = BoxReader.ofBox(entry.box().asBuffer(), 0);
    in.skip(entry.childrenOffset() - in.readBytes(), "sample entry");
    while (in.remaining() >= Long.BYTES) {
      Optional<BoxReader> child = in.nextChild();
      if (child.isPresent() && child.get().type().equals(type)) {
        return child.get();
      }
    }
    throw in.malformed("%s: none (expected: one)".formatted(type), "");
  }

  private static ContentFailure unknown(FailureCode code, SampleEntry entry) {
    return new ContentFailure(
        code, "sample entry: %s (expected: avc1, avc3 or mp4a)".formatted(entry.fourCc()), "");
  }
}
