package dev.sluice.origin.e2e;

import dev.sluice.origin.segment.ts.Segments;
import dev.sluice.origin.segment.ts.TsParser;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

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

  /**
   * Of one segment whose times and counters are as they may be, since its source is damaged: only
   * what the packets carry.
   */
  static TransportUnits ofDamaged(byte[] segment) {
    var open = new TreeMap<Integer, ByteArrayOutputStream>();
    var packets = new ArrayList<ByteArrayOutputStream>();
    for (int at = 0; at < segment.length; at += 188) {
      int pid = (segment[at + 1] & 0x1f) << 8 | (segment[at + 2] & 0xff);
      int from = at + 4 + ((segment[at + 3] & 0x20) != 0 ? 1 + (segment[at + 4] & 0xff) : 0);
      boolean start = (segment[at + 1] & 0x40) != 0;
      if (start && from + 2 < at + 188 && segment[from] == 0 && segment[from + 2] == 1) {
        open.put(pid, new ByteArrayOutputStream());
        packets.add(open.get(pid));
      }
      if (open.containsKey(pid) && (segment[at + 3] & 0x10) != 0) {
        open.get(pid).write(segment, from, at + 188 - from);
      }
    }
    var pictures = new ArrayList<List<byte[]>>();
    var frames = new ArrayList<byte[]>();
    var streams = new ByteArrayOutputStream();
    for (var packet : packets) {
      byte[] pes = packet.toByteArray();
      byte[] payload = Arrays.copyOfRange(pes, 9 + (pes[8] & 0xff), pes.length);
      streams.writeBytes(payload);
      if (pes[3] == (byte) 0xe0) {
        pictures.add(Segments.nals(payload).stream().filter(TransportUnits::slice).toList());
      } else {
        frames.addAll(Segments.frames(payload));
      }
    }
    return new TransportUnits(pictures, frames, streams.toByteArray());
  }

  static boolean slice(byte[] nal) {
    if (nal.length == 0) {
      return false;
    }
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
