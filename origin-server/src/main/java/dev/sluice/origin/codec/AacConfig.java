package dev.sluice.origin.codec;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import java.nio.ByteBuffer;

/**
 * The AudioSpecificConfig of an {@code esds} box.
 *
 * @param objectType audio object type: 2 AAC-LC, 5 HE-AAC with explicit SBR, 29 with PS
 * @param sampleRateHz of the output, SBR included where it is signalled
 * @param channels of the output
 *     <p>Spec: ISO/IEC 14496-3 1.6.2.1.
 */
public record AacConfig(int objectType, int sampleRateHz, int channels) implements CodecConfig {

  private static final int[] SAMPLE_RATES_HZ = {
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350
  };
  private static final int EXPLICIT_RATE = 15;
  private static final int ESCAPED_TYPE = 31;
  private static final int LTP = 4;
  private static final int SBR = 5;
  private static final int PS = 29;
  private static final int SBR_SYNC = 0x2b7;
  private static final int PS_SYNC = 0x548;

  @Override
  public String codecString(String fourCc) {
    return fourCc + ".40." + objectType;
  }

  /**
   * Reads an AudioSpecificConfig. SBR and PS are known where they are signalled explicitly, in
   * either of the two ways.
   *
   * @throws ContentFailure if it is cut short, or names no AAC that is supported
   */
  public static AacConfig parse(ByteBuffer audioSpecificConfig) {
    var in = new Bits(audioSpecificConfig.slice());
    int objectType = in.objectType();
    int sampleRateHz = in.sampleRateHz();
    int channelConfiguration = in.read(4);
    int base = objectType;
    if (objectType == SBR || objectType == PS) {
      sampleRateHz = in.sampleRateHz();
      base = in.objectType();
    }
    if (base < 1 || base > LTP) {
      throw refused("audio object type: %d (expected: AAC, 1 to 4, 5 or 29)".formatted(base));
    }
    if (channelConfiguration < 1 || channelConfiguration > 7) {
      throw refused("channelConfiguration: %d (expected: 1 to 7)".formatted(channelConfiguration));
    }
    int channels = channelConfiguration == 7 ? 8 : channelConfiguration;
    if (objectType == base) {
      in.skipGeneralAudio();
      if (in.left() >= 16 && in.read(11) == SBR_SYNC && in.objectType() == SBR && in.flag()) {
        objectType = SBR;
        sampleRateHz = in.sampleRateHz();
        if (in.left() >= 12 && in.read(11) == PS_SYNC && in.flag()) {
          objectType = PS;
        }
      }
    }
    boolean stereoOfMono = objectType == PS && channels == 1;
    return new AacConfig(objectType, sampleRateHz, stereoOfMono ? 2 : channels);
  }

  private static ContentFailure refused(String message) {
    return new ContentFailure(FailureCode.MPE_AUDIO_ENCODING_NOT_SUPPORTED, message, "esds");
  }

  /** A cursor over bits, the highest of each byte first. */
  private static final class Bits {
    private final ByteBuffer bytes;
    private int at;

    Bits(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    int left() {
      return Math.min(bytes.limit(), 64) * 8 - at;
    }

    int read(int count) {
      if (count > left()) {
        throw new ContentFailure(
            FailureCode.MPE_INPUT_NOT_SUPPORTED,
            "AudioSpecificConfig: %d bits left (expected: %d)".formatted(left(), count),
            "esds");
      }
      int value = 0;
      for (int i = 0; i < count; i++, at++) {
        value = value << 1 | (bytes.get(at >> 3) >> (7 - (at & 7)) & 1);
      }
      return value;
    }

    boolean flag() {
      return read(1) == 1;
    }

    int objectType() {
      int type = read(5);
      return type == ESCAPED_TYPE ? 32 + read(6) : type;
    }

    int sampleRateHz() {
      int index = read(4);
      int rate = 0;
      if (index == EXPLICIT_RATE) {
        rate = read(24);
      } else if (index < SAMPLE_RATES_HZ.length) {
        rate = SAMPLE_RATES_HZ[index];
      }
      if (rate == 0) {
        throw refused("samplingFrequencyIndex: %d (expected: 0 to 12, or 15)".formatted(index));
      }
      return rate;
    }

    /** GASpecificConfig, which has no extension for the object types taken here. */
    void skipGeneralAudio() {
      read(1);
      if (flag()) {
        read(14);
      }
      read(1);
    }
  }
}
