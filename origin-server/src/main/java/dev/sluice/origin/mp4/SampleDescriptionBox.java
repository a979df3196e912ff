package dev.sluice.origin.mp4;

import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.mp4.TrackHeader.SampleEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code stsd} box: how the samples of a track are coded. Entries are kept whole; encrypted
 * ones are refused.
 *
 * <p>Spec: ISOBMFF 8.5.2, 12.1.3, 12.2.3.
 */
public record SampleDescriptionBox(List<SampleEntry> entries) {

  /** How many entries a track may have. */
  public static final int MAX_ENTRIES = 64;

  private static final String CLAUSE = "ISOBMFF 8.5.2";

  public SampleDescriptionBox {
    entries = List.copyOf(entries);
  }

  /** Reads the payload. */
  public static SampleDescriptionBox read(BoxReader in, String handlerType) {
    in.skip(4, "version and flags");
    long count = in.uint32("entry_count");
    if (count < 1 || count > MAX_ENTRIES) {
      throw in.malformed("entry_count: %d (expected: 1 to 64)".formatted(count), CLAUSE);
    }
    List<SampleEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      BoxReader entry =
          in.nextChild()
              .orElseThrow(() ->
                  in.malformed(
                      "entry_count: %d (expected: as many entries)".formatted(count), CLAUSE));
      entries.add(entry(entry, handlerType));
    }
    return new SampleDescriptionBox(entries);
  }

  private static SampleEntry entry(BoxReader in, String handlerType) {
    if (in.type().equals("encv") || in.type().equals("enca") || in.type().equals("enct")) {
      throw in.refused(
          FailureCode.MPE_ENC_ALREADY_ENCRYPTED,
          "sample entry: %s (expected: clear media)".formatted(in.type()),
          "ISOBMFF 8.12");
    }
    in.skip(8, "reserved and data_reference_index");
    return switch (handlerType) {
      case "vide" -> visual(in);
      case "soun" -> audio(in);
      default -> other(in);
    };
  }

  private static SampleEntry visual(BoxReader in) {
    in.skip(16, "pre_defined and reserved");
    int width = in.uint16("width");
    int height = in.uint16("height");
    in.skip(50, "resolution, compressorname and depth");
    int childrenOffset = in.readBytes();
    return new SampleEntry(
        in.type(), in.wholeBox(), childrenOffset, width, height, averageBitrate(in));
  }

  private static SampleEntry audio(BoxReader in) {
    int version = in.uint16("entry_version");
    if (version > 1) {
      throw in.malformed(
          "audio entry_version: %d (expected: 0 or 1)".formatted(version), "ISOBMFF 12.2.3");
    }
    in.skip(18, "channelcount, samplesize and samplerate");
    int childrenOffset = in.readBytes();
    return new SampleEntry(in.type(), in.wholeBox(), childrenOffset, 0, 0, averageBitrate(in));
  }

  private static SampleEntry other(BoxReader in) {
    return new SampleEntry(in.type(), in.wholeBox(), in.sizeBytes(), 0, 0, 0);
  }

  private static long averageBitrate(BoxReader in) {
    long stated = 0;
    // Some writers end an entry with four zero bytes; they are no box.
    while (in.remaining() >= BoxHeader.SHORT_BYTES) {
      BoxReader box = in.nextChild().orElseThrow();
      switch (box.type()) {
        case "btrt" -> {
          BitRateBox rates = BitRateBox.read(box);
          // An entry's own box counts more than its esds.
          long rate = either(rates.averageBitrate(), rates.maxBitrate());
          stated = rate > 0 ? rate : stated;
        }
        case "esds" -> {
          ElementaryStreamBox stream = ElementaryStreamBox.read(box);
          long rate = either(stream.averageBitrate(), stream.maxBitrate());
          stated = stated > 0 ? stated : rate;
        }
        default -> {}
      }
    }
    return stated;
  }

  private static long either(long average, long max) {
    return average > 0 ? average : max;
  }
}
