package dev.sluice.origin.segment;

import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.track.FragmentSamples;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The samples of a fragment one after another, as {@code mdat} holds them, read from where they lie
 * in the object.
 */
final class SamplePayload {
  private final FragmentSamples samples;
  private final long[] startBytes;

  SamplePayload(FragmentSamples samples) {
    this.samples = samples;
    this.startBytes = new long[samples.count() + 1];
    for (int i = 0; i < samples.count(); i++) {
      startBytes[i + 1] = startBytes[i] + samples.sizeBytes(i);
    }
  }

  FragmentSamples samples() {
    return samples;
  }

  long lengthBytes() {
    return startBytes[samples.count()];
  }

  /** Where a sample begins in the payload. */
  long startBytes(int sample) {
    return startBytes[sample];
  }

  /** The sample that holds this byte: the last one that begins at or before it. */
  int sampleAt(long positionBytes) {
    int at = Arrays.binarySearch(startBytes, 0, samples.count(), positionBytes);
    if (at < 0) {
      return -at - 2;
    }
    while (at + 1 < samples.count() && startBytes[at + 1] == positionBytes) {
      at++;
    }
    return at;
  }

  /** Fills {@code out} with the clear payload from this position on. */
  void read(ObjectReader object, long positionBytes, ByteBuffer out) {
    int limit = out.limit();
    long position = positionBytes;
    while (out.position() < limit) {
      int sample = sampleAt(position);
      long offset = samples.offsetBytes(sample) + (position - startBytes[sample]);
      int wanted = limit - out.position();
      long run = startBytes[sample + 1] - position;
      while (run < wanted
          && sample + 1 < samples.count()
          && samples.offsetBytes(sample + 1)
              == samples.offsetBytes(sample) + samples.sizeBytes(sample)) {
        sample++;
        run += samples.sizeBytes(sample);
      }
      int length = (int) Math.min(run, wanted);
      if (length == 0) {
        throw new IllegalStateException("payload: read past its end at " + position);
      }
      out.limit(out.position() + length);
      object.readFully(offset, out);
      out.limit(limit);
      position += length;
    }
  }
}
