package dev.sluice.origin.mp4;

import dev.sluice.origin.media.Bytes;

/**
 * The {@code esds} box: the descriptor of an MPEG-4 elementary stream.
 *
 * <pre>
 *   version and flags (32)
 *   ES_Descriptor (tag 3): ES_ID (16), flags (8), optional fields
 *     DecoderConfigDescriptor (tag 4): objectTypeIndication (8), stream type (8),
 *         bufferSizeDB (24), maxBitrate (32), avgBitrate (32)
 *       DecoderSpecificInfo (tag 5)
 * </pre>
 *
 * <p>Spec: ISO/IEC 14496-14 5.6, ISO/IEC 14496-1 7.2.6.
 *
 * @param objectType objectTypeIndication, 0x40 for AAC
 * @param decoderSpecificInfo empty where there is none
 */
public record ElementaryStreamBox(
    int objectType, long maxBitrate, long averageBitrate, Bytes decoderSpecificInfo) {

  private static final String CLAUSE = "ISO/IEC 14496-1 7.2.6";
  private static final int ES_DESCRIPTOR = 3;
  private static final int DECODER_CONFIG = 4;
  private static final int DECODER_SPECIFIC_INFO = 5;
  private static final int MAX_LENGTH_BYTES = 4;
  private static final int DECODER_CONFIG_FIXED_BYTES = 13;

  /** Reads the payload. */
  public static ElementaryStreamBox read(BoxReader in) {
    in.skip(4, "version and flags");
    int streamBytes = descriptor(in, ES_DESCRIPTOR);
    int streamEnd = in.remaining() - streamBytes;
    in.skip(2, "ES_ID");
    int flags = in.uint8("stream flags");
    if ((flags & 0x80) != 0) {
      in.skip(2, "dependsOn_ES_ID");
    }
    if ((flags & 0x40) != 0) {
      in.skip(in.uint8("URLlength"), "URLstring");
    }
    if ((flags & 0x20) != 0) {
      in.skip(2, "OCR_ES_Id");
    }
    int length = descriptor(in, DECODER_CONFIG);
    int configEnd = in.remaining() - length;
    if (length < DECODER_CONFIG_FIXED_BYTES || configEnd < streamEnd) {
      throw in.malformed(
          "DecoderConfigDescriptor: %d bytes (expected: >= 13, within its stream)"
              .formatted(length),
          CLAUSE);
    }
    int objectType = in.uint8("objectTypeIndication");
    in.skip(4, "stream type and bufferSizeDB");
    long maxBitrate = in.uint32("maxBitrate");
    long averageBitrate = in.uint32("avgBitrate");
    Bytes info = Bytes.copyOf();
    if (in.remaining() > configEnd) {
      int infoBytes = descriptor(in, DECODER_SPECIFIC_INFO);
      if (in.remaining() - infoBytes < configEnd) {
        throw in.malformed(
            "DecoderSpecificInfo: %d bytes (expected: within its DecoderConfigDescriptor)"
                .formatted(infoBytes),
            CLAUSE);
      }
      info = in.bytes(infoBytes, "DecoderSpecificInfo");
    }
    return new ElementaryStreamBox(objectType, maxBitrate, averageBitrate, info);
  }

  private static int descriptor(BoxReader in, int expectedTag) {
    int tag = in.uint8("descriptor tag");
    if (tag != expectedTag) {
      throw in.malformed("descriptor tag: %d (expected: %d)".formatted(tag, expectedTag), CLAUSE);
    }
    int length = 0;
    int lengthBytes = 0;
    int next;
    do {
      if (++lengthBytes > MAX_LENGTH_BYTES) {
        throw in.malformed("descriptor length: more than 4 bytes (expected: 1 to 4)", CLAUSE);
      }
      next = in.uint8("descriptor length");
      length = length << 7 | (next & 0x7F);
    } while ((next & 0x80) != 0);
    if (length > in.remaining()) {
      throw in.malformed(
          "descriptor length: %d (expected: <= %d, what is left of its box)"
              .formatted(length, in.remaining()),
          CLAUSE);
    }
    return length;
  }
}
