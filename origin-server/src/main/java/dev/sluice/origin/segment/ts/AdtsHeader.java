package dev.sluice.origin.segment.ts;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Bytes;

/**
 * The header before each AAC frame of a transport stream.
 *
 * <pre>
 *   syncword (12) = fff | ID (1) = 0, MPEG-4 | layer (2) = 0 | protection_absent (1) = 1
 *   profile_ObjectType (2) | sampling_frequency_index (4) | private_bit (1)
 *   channel_configuration (3) | original_copy, home, copyright bits (4)
 *   aac_frame_length (13) | adts_buffer_fullness (11) = 7ff | number_of_raw_data_blocks (2) = 0
 * </pre>
 *
 * <p>Of HE-AAC it tells the AAC-LC core: players find the rest in the frames.
 *
 * <p>Spec: ISO/IEC 14496-3 1.A.2.2, 1.6.2.1.
 *
 * @param objectType of the core, 1 to 4
 * @param rateIndex sampling_frequency_index of the core, 0 to 12
 * @param channelConfiguration 1 to 7
 */
record AdtsHeader(int objectType, int rateIndex, int channelConfiguration) {

  /** Its size. */
  static final int BYTES = 7;

  /** The longest frame that aac_frame_length can tell, without the header. */
  static final int MAX_FRAME_BYTES = (1 << 13) - 1 - BYTES;

  private static final int ESCAPED_TYPE = 31;
  private static final int SBR = 5;
  private static final int PS = 29;
  private static final int LTP = 4;
  private static final int MAX_RATE_INDEX = 12;
  private static final int MAX_CHANNEL_CONFIGURATION = 7;

  /**
   * The header for an AudioSpecificConfig.
   *
   * @throws ContentFailure if it is cut short, or says what ADTS cannot
   */
  static AdtsHeader of(Bytes audioSpecificConfig) {
    var in = new Bits(audioSpecificConfig);
    int objectType = in.objectType();
    int rateIndex = in.rateIndex();
    int channels = in.read(4);
    if (objectType == SBR || objectType == PS) {
      var _ = in.rateIndexOrRate();
      objectType = in.objectType();
    }
    if (objectType < 1 || objectType > LTP) {
      throw refused("audio object type: %d (expected: 1 to 4 in ADTS)".formatted(objectType));
    }
    if (channels < 1 || channels > MAX_CHANNEL_CONFIGURATION) {
      throw refused("channelConfiguration: %d (expected: 1 to 7 in ADTS)".formatted(channels));
    }
    return new AdtsHeader(objectType, rateIndex, channels);
  }

  /**
   * Puts the header of a frame to the beginning of {@code out}.
   *
   * @throws ContentFailure if the frame is longer than ADTS can say
   */
  void put(int frameBytes, byte[] out) {
    if (frameBytes > MAX_FRAME_BYTES) {
      throw refused("frame: %d bytes (expected: <= %d)".formatted(frameBytes, MAX_FRAME_BYTES));
    }
    int length = frameBytes + BYTES;
    out[0] = (byte) 0xff;
    out[1] = (byte) 0xf1;
    out[2] = (byte) ((objectType - 1) << 6 | rateIndex << 2 | channelConfiguration >> 2);
    out[3] = (byte) ((channelConfiguration & 3) << 6 | length >> 11);
    out[4] = (byte) (length >> 3);
    out[5] = (byte) ((length & 7) << 5 | 0x1f);
    out[6] = (byte) 0xfc;
  }

  private static ContentFailure refused(String message) {
    return new ContentFailure(FailureCode.MPE_AUDIO_ENCODING_NOT_SUPPORTED, message, "");
  }

  /** A cursor over bits, the highest of each byte first. */
  private static final class Bits {
    private static final int EXPLICIT_RATE = 15;
    private final Bytes bytes;
    private int at;

    Bits(Bytes bytes) {
      this.bytes = bytes;
    }

    int read(int count) {
      if (count > bytes.size() * Byte.SIZE - at) {
        throw refused(
            "AudioSpecificConfig: %d bytes (expected: no end within it)".formatted(bytes.size()));
      }
      int value = 0;
      for (int i = 0; i < count; i++, at++) {
        value = value << 1 | (bytes.at(at >> 3) >> (7 - (at & 7)) & 1);
      }
      return value;
    }

    int objectType() {
      int type = read(5);
      return type == ESCAPED_TYPE ? 32 + read(6) : type;
    }

    int rateIndexOrRate() {
      int index = read(4);
      return index == EXPLICIT_RATE ? read(24) : index;
    }

    int rateIndex() {
      int index = read(4);
      if (index > MAX_RATE_INDEX) {
        throw refused("samplingFrequencyIndex: %d (expected: 0 to 12 in ADTS)".formatted(index));
      }
      return index;
    }
  }
}
