package dev.sluice.origin.e2e;

import dev.sluice.origin.segment.ts.Segments;
import dev.sluice.origin.segment.ts.TsParser;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a transport stream holds.
 *
 * @param pictures of each picture its slices, as they are in the stream
 * @param frames the AAC frames without their headers
 * @param streams the payload of all PES packets, one after the other
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TransportUnits(List<List<byte[]>> pictures, List<byte[]> frames, byte[] streams) {
  private static final Set<Integer> AVC = Set.of(0x1b, 0xdb);
  private static final Set<Integer> AAC = Set.of(0x0f, 0xcf);

  /** Of segments that follow each other. */
  static TransportUnits of(byte[]... segments) {
    var parsed = TsParser.parse(segments);
    var pictures = new ArrayList<List<byte[]>>();
    var frames = new ArrayList<byte[]>();
    var streams = new ByteArrayOutputStream();
    for (var pes : parsed.pes) {
      int type = parsed.stream(pes.pid()).type();
      streams.writeBytes(pes.payload());
      if (AVC.contains(type)) {
        pictures.add(Segments.nals(pes.payload()).stream().filter(TransportUnits::slice).toList());
      } else if (AAC.contains(type)) {
        frames.addAll(Segments.frames(pes.payload()));
      } else {
        throw new AssertionError("stream_type " + type);
      }
    }
    return new TransportUnits(pictures, frames, streams.toByteArray());
  }

  static boolean slice(byte[] nal) {
    int type = nal[0] & 0x1f;
    return type == 1 || type == 5;
  }

  /**
   * A slice without the emulation prevention that was applied to it anew after it was encrypted;
   * one of up to 48 bytes is never encrypted.
   */
  static byte[] encryptedSlice(byte[] nal) {
    return nal.length <= 48 ? nal : unescaped(nal);
  }

  /** Bytes without the 3 in each 0, 0, 3. */
  static byte[] unescaped(byte[] bytes) {
    byte[] out = new byte[bytes.length];
    int length = 0;
    int zeros = 0;
    for (byte b : bytes) {
      if (zeros >= 2 && b == 3) {
        zeros = 0;
        continue;
      }
      zeros = b == 0 ? zeros + 1 : 0;
      out[length++] = b;
    }
    return Arrays.copyOf(out, length);
  }
}
