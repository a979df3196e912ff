package dev.sluice.origin.encrypt;

import dev.sluice.origin.track.FragmentSamples;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The clear samples of a fragment one after another, as {@code mdat} holds them, read from where
 * they lie in the object.
 */
public final class SamplePayload implements SampleBytes {
  private final FragmentSamples samples;
  private final SampleBytes object;
  private final long[] startBytes;

  /** The payload of these samples, which lie in this object. */
  public SamplePayload(FragmentSamples samples, SampleBytes object) {
    this.samples = samples;
    this.object = object;
    this.startBytes = new long[samples.count() + 1];
    for (int i = 0; i < samples.count(); i++) {
      startBytes[i + 1] = startBytes[i] + samples.sizeBytes(i);
    }
  }

  /** How many samples there are. */
  int sampleCount() {
    return samples.count();
  }

  /** The sizes of all samples, added up. */
  public long lengthBytes() {
    return startBytes[samples.count()];
  }

  /** Where a sample begins in the payload; where the last one ends, for their count. */
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
  @Override
  public void read(long positionBytes, ByteBuffer out) {
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
      object.read(offset, out);
      out.limit(limit);
      position += length;
    }
  }
}
