package dev.sluice.benchmarks.load;

/**
 * Checks a segment that is not MP4 as it comes: a transport stream has a sync byte every 188 bytes,
 * and whole packets (ISO/IEC 13818-1 2.4.3.2); packed audio starts with ID3 or a sync word (RFC
 * 8216 3.4), and that is all that is looked at.
 */
final class TransportStreamCheck implements BodySink {
  private static final int PACKET_BYTES = 188;
  private static final byte SYNC = 0x47;

  private long bytes;
  private boolean packedAudio;

  @Override
  public void accept(byte[] data, int offset, int length) throws LoadFailure {
    if (length == 0) {
      return;
    }
    if (bytes == 0) {
      packedAudio = data[offset] == 'I' || data[offset] == (byte) 0xff;
    }
    if (!packedAudio) {
      int toNext = (int) Math.floorMod(-bytes, (long) PACKET_BYTES);
      for (int i = toNext; i < length; i += PACKET_BYTES) {
        if (data[offset + i] != SYNC) {
          throw new LoadFailure(
              "structure",
              "0x%02x at byte %d (expected: 0x47, the sync byte)"
                  .formatted(data[offset + i], bytes + i));
        }
      }
    }
    bytes += length;
  }

  @Override
  public void end() throws LoadFailure {
    if (bytes == 0 || (!packedAudio && bytes % PACKET_BYTES != 0)) {
      throw new LoadFailure("structure", "%d bytes (expected: a multiple of 188)".formatted(bytes));
    }
  }
}
