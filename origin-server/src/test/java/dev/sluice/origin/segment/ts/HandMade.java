package dev.sluice.origin.segment.ts;

import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.storage.StoredObject;
import dev.sluice.origin.track.FragmentSamples;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Samples made by hand, which lie in memory, of the tracks of a title. */
final class HandMade {
  static final int SYNC = 0x0200_0000;
  static final int NON_SYNC = 0x0101_0000;
  private final byte[] object;
  private final FragmentSamples samples;
  long startTicks;
  int number;
  boolean closed;

  /** Whether the bytes of the next read are at hand. */
  BooleanSupplier isThere = () -> false;

  private HandMade(byte[] object, FragmentSamples samples) {
    this.object = object;
    this.samples = samples;
  }

  /** Samples of a duration of 1,024 ticks, the first a sync sample. */
  static HandMade of(byte[]... samples) {
    return of(new int[samples.length], 1024, samples);
  }

  static HandMade of(int[] compositionOffsets, int duration, byte[]... samples) {
    var out = new ByteArrayOutputStream();
    int count = samples.length;
    long[] offsets = new long[count];
    int[] sizes = new int[count];
    int[] flags = new int[count];
    int[] durations = new int[count];
    for (int i = 0; i < count; i++) {
      out.write(0xee); // a gap before each
      offsets[i] = out.size();
      sizes[i] = samples[i].length;
      out.writeBytes(samples[i]);
      flags[i] = i == 0 ? SYNC : NON_SYNC;
    }
    Arrays.fill(durations, duration);
    return new HandMade(
        out.toByteArray(),
        new FragmentSamples(offsets, sizes, durations, flags, compositionOffsets, 1, 1));
  }

  /** NAL units, each behind its length of 4 bytes. */
  static byte[] avc(byte[]... nals) {
    var out = new ByteArrayOutputStream();
    for (byte[] nal : nals) {
      out.writeBytes(ByteBuffer.allocate(4).putInt(nal.length).array());
      out.writeBytes(nal);
    }
    return out.toByteArray();
  }

  /** A NAL unit of this header and length. */
  static byte[] nal(int header, int length) {
    byte[] nal = new byte[length];
    Arrays.fill(nal, (byte) 0x55);
    nal[0] = (byte) header;
    return nal;
  }

  byte[] segment(TrackKind kind, boolean encrypted) {
    try (var body = body(kind, encrypted)) {
      return Segments.read(body);
    }
  }

  Body body(TrackKind kind, boolean encrypted) {
    return TransportStreamSegment.of(number, List.of(stream(kind, encrypted)));
  }

  ElementaryStream stream(TrackKind kind, boolean encrypted) {
    return new ElementaryStream(
        TsTitles.track(TsTitles.MUXED, kind),
        samples,
        startTicks,
        reader(),
        encrypted ? Optional.of(Segments.sampleAes()) : Optional.empty());
  }

  private ObjectReader reader() {
    return new ObjectReader() {
      @Override
      public StoredObject object() {
        return new StoredObject("memory", object.length, "1");
      }

      @Override
      public void readFully(long offsetBytes, ByteBuffer out) {
        out.put(object, Math.toIntExact(offsetBytes), out.remaining());
      }

      @Override
      public boolean readNow(long offsetBytes, ByteBuffer out) {
        if (!isThere.getAsBoolean()) {
          // As much as a read that gave up may leave.
          out.put(out.position(), new byte[out.remaining() / 2]);
          return false;
        }
        readFully(offsetBytes, out);
        return true;
      }

      @Override
      public void close() {
        closed = true;
      }
    };
  }
}
