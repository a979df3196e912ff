package dev.sluice.origin.segment.ts;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The program association and program map tables at the start of a segment, a packet each.
 *
 * <pre>
 *   PAT, PID 0          table_id 0 | program 1 is in PID 0x1000
 *   PMT, PID 0x1000     table_id 2 | PCR_PID | { stream_type, PID, descriptors } ...
 * </pre>
 *
 * <p>Since each segment has one of both, the continuity counter of a segment is its number.
 *
 * <p>Spec: ISO/IEC 13818-1 2.4.4; Apple, MPEG-2 Stream Encryption Format for HTTP Live Streaming,
 * 2.3.4 and 3.
 */
final class ProgramTables {

  /** How many packets they take. */
  static final int PACKETS = 2;

  static final int VIDEO_PID = 0x100;
  static final int AUDIO_PID = 0x101;
  private static final int PMT_PID = 0x1000;
  private static final int PROGRAM = 1;
  private static final int AVC = 0x1b;
  private static final int ADTS_AAC = 0x0f;
  private static final int ENCRYPTED_AVC = 0xdb;
  private static final int ENCRYPTED_AAC = 0xcf;
  private static final int REGISTRATION_DESCRIPTOR = 5;
  private static final int PRIVATE_DATA_INDICATOR_DESCRIPTOR = 15;
  private static final int SECTION_MAX_BYTES = 183;
  private static final int SBR = 5;
  private static final int PS = 29;

  private ProgramTables() {}

  /**
   * An entry of the program map.
   *
   * @param pid where its packets are
   * @param streamId of its PES packets
   */
  record Stream(int pid, int streamType, int streamId, Bytes descriptors) {

    /** Video. */
    static Stream avc(boolean encrypted) {
      return encrypted
          ? new Stream(VIDEO_PID, ENCRYPTED_AVC, 0xe0, privateData("zavc"))
          : new Stream(VIDEO_PID, AVC, 0xe0, Bytes.copyOf());
    }

    /** Clear audio. */
    static Stream aac() {
      return new Stream(AUDIO_PID, ADTS_AAC, 0xc0, Bytes.copyOf());
    }

    /** Encrypted audio, with the audio setup information that decoders cannot do without. */
    static Stream encryptedAac(AacConfig config, Bytes audioSpecificConfig) {
      if (audioSpecificConfig.size() > 64) {
        throw new ContentFailure(
            FailureCode.MPE_AUDIO_ENCODING_NOT_SUPPORTED,
            "AudioSpecificConfig: %d bytes (expected: <= 64)".formatted(audioSpecificConfig.size()),
            "esds");
      }
      String audioType =
          switch (config.objectType()) {
            case SBR -> "zach";
            case PS -> "zacp";
            default -> "zaac";
          };
      var out = new ByteSink();
      out.put(privateData("aacd").toArray());
      out.put(REGISTRATION_DESCRIPTOR);
      out.put(4 + 4 + 2 + 1 + 1 + audioSpecificConfig.size());
      out.put("apad".getBytes(StandardCharsets.US_ASCII));
      out.put(audioType.getBytes(StandardCharsets.US_ASCII));
      out.put(0); // priming (16): not known
      out.put(0);
      out.put(1); // version
      out.put(audioSpecificConfig.size());
      out.put(audioSpecificConfig.toArray());
      return new Stream(AUDIO_PID, ENCRYPTED_AAC, 0xc0, Bytes.copyOf(out.array(), 0, out.length()));
    }

    private static Bytes privateData(String format) {
      byte[] name = format.getBytes(StandardCharsets.US_ASCII);
      return Bytes.copyOf(
          (byte) PRIVATE_DATA_INDICATOR_DESCRIPTOR,
          (byte) name.length,
          name[0],
          name[1],
          name[2],
          name[3]);
    }
  }

  /**
   * Both packets.
   *
   * @param segmentNumber the lowest four bits are the continuity counters
   * @param streams the first one carries the PCR
   */
  static byte[] packets(int segmentNumber, List<Stream> streams) {
    byte[] packets = new byte[PACKETS * TsPacket.BYTES];
    put(packets, 0, 0, segmentNumber, association());
    put(packets, TsPacket.BYTES, PMT_PID, segmentNumber, map(streams));
    return packets;
  }

  private static ByteSink association() {
    var body = new ByteSink();
    putShort(body, PROGRAM);
    putShort(body, 0xe000 | PMT_PID);
    return section(0, PROGRAM, body);
  }

  private static ByteSink map(List<Stream> streams) {
    var body = new ByteSink();
    putShort(body, 0xe000 | streams.getFirst().pid());
    putShort(body, 0xf000); // program_info_length
    for (var stream : streams) {
      body.put(stream.streamType());
      putShort(body, 0xe000 | stream.pid());
      putShort(body, 0xf000 | stream.descriptors().size());
      body.put(stream.descriptors().toArray());
    }
    return section(2, PROGRAM, body);
  }

  private static ByteSink section(int tableId, int tableIdExtension, ByteSink body) {
    var out = new ByteSink();
    out.put(tableId);
    putShort(out, 0xb000 | (body.length() + 5 + Integer.BYTES));
    putShort(out, tableIdExtension);
    out.put(0xc1); // reserved, version_number 0, current_next_indicator
    out.put(0); // section_number
    out.put(0); // last_section_number
    out.put(body.array(), 0, body.length());
    int crc = crc(out.array(), out.length());
    putShort(out, crc >>> 16);
    putShort(out, crc);
    if (out.length() > SECTION_MAX_BYTES) {
      throw new IllegalStateException(
          "section: %d bytes (expected: <= %d)".formatted(out.length(), SECTION_MAX_BYTES));
    }
    return out;
  }

  private static void put(byte[] packets, int at, int pid, int counter, ByteSink section) {
    Arrays.fill(packets, at, at + TsPacket.BYTES, (byte) 0xff);
    TsPacket.putHeader(packets, at, pid, true, TsPacket.PAYLOAD, counter);
    packets[at + TsPacket.HEADER_BYTES] = 0; // pointer_field
    System.arraycopy(section.array(), 0, packets, at + TsPacket.HEADER_BYTES + 1, section.length());
  }

  private static void putShort(ByteSink out, int value) {
    out.put(value >> 8);
    out.put(value);
  }

  /** CRC_32 (ISO/IEC 13818-1 annex A): the polynomial 0x04c11db7, not reflected. */
  private static int crc(byte[] bytes, int length) {
    int crc = -1;
    for (int i = 0; i < length; i++) {
      crc ^= bytes[i] << 24;
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        crc = crc << 1 ^ (crc < 0 ? 0x04c1_1db7 : 0);
      }
    }
    return crc;
  }
}
