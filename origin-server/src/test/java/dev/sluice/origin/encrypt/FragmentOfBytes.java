package dev.sluice.origin.encrypt;

import dev.sluice.origin.track.FragmentSamples;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** An object with one fragment in it that counts its reads and refuses those past its samples. */
final class FragmentOfBytes implements SampleBytes {
  private final byte[] object;
  private final boolean[] readable;
  private final long[] offsets;
  private final int[] sizes;
  int reads;

  /** Samples one behind another, or with gaps between them. */
  FragmentOfBytes(int gapBytes, List<byte[]> samples) {
    var out = new ByteArrayOutputStream();
    offsets = new long[samples.size()];
    sizes = new int[samples.size()];
    out.writeBytes(new byte[24]);
    for (int i = 0; i < sizes.length; i++) {
      offsets[i] = out.size();
      sizes[i] = samples.get(i).length;
      out.writeBytes(samples.get(i));
      out.writeBytes(new byte[gapBytes]);
    }
    object = out.toByteArray();
    readable = new boolean[object.length];
    for (int i = 0; i < sizes.length; i++) {
      Arrays.fill(readable, (int) offsets[i], (int) offsets[i] + sizes[i], true);
    }
  }

  FragmentSamples samples() {
    int count = sizes.length;
    return new FragmentSamples(
        offsets, sizes, new int[count], new int[count], new int[count], 1, 1);
  }

  @Override
  public void read(long offsetBytes, ByteBuffer out) {
    reads++;
    int begin = (int) offsetBytes;
    for (int i = begin; i < begin + out.remaining(); i++) {
      if (!readable[i]) {
        throw new AssertionError("byte %d (expected: one of a sample)".formatted(i));
      }
    }
    out.put(object, begin, out.remaining());
  }

  /** NAL units, each behind its length. */
  static byte[] sample(int lengthFieldBytes, byte[]... nals) {
    var out = new ByteArrayOutputStream();
    for (byte[] nal : nals) {
      for (int i = lengthFieldBytes - 1; i >= 0; i--) {
        out.write(nal.length >> (Byte.SIZE * i));
      }
      out.writeBytes(nal);
    }
    return out.toByteArray();
  }
}
