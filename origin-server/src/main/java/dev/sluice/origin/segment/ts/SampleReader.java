package dev.sluice.origin.segment.ts;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.track.FragmentSamples;
import java.nio.ByteBuffer;

/** Reads whole samples, and ahead over those that follow without a gap, to read seldom. */
final class SampleReader {
  private static final int AHEAD_BYTES = 256 * 1024;

  /** Far above any picture's: a second of the highest bit rate there is in one of them. */
  private static final int MAX_SAMPLE_BYTES = 32 * 1024 * 1024;

  private final FragmentSamples samples;
  private final ObjectReader object;
  private byte[] window = new byte[0];
  private long beginBytes;
  private long endBytes;

  SampleReader(FragmentSamples samples, ObjectReader object) {
    this.samples = samples;
    this.object = object;
  }

  /** A read-only view of a sample, valid until the next call. */
  ByteBuffer sample(int sample) {
    long offset = samples.offsetBytes(sample);
    int size = samples.sizeBytes(sample);
    if (size > MAX_SAMPLE_BYTES) {
      throw new ContentFailure(
          FailureCode.MPE_INPUT_NOT_SUPPORTED,
          "sample size: %d (expected: <= %d)".formatted(size, MAX_SAMPLE_BYTES),
          "sample " + sample);
    }
    if (offset < beginBytes || offset + size > endBytes) {
      load(sample);
    }
    return ByteBuffer.wrap(window, (int) (offset - beginBytes), size).slice().asReadOnlyBuffer();
  }

  private void load(int sample) {
    long offset = samples.offsetBytes(sample);
    long length = samples.sizeBytes(sample);
    for (int next = sample + 1;
        next < samples.count()
            && samples.offsetBytes(next) == offset + length
            && length + samples.sizeBytes(next) <= AHEAD_BYTES;
        next++) {
      length += samples.sizeBytes(next);
    }
    if (window.length < length) {
      window = new byte[(int) length];
    }
    beginBytes = 0;
    endBytes = 0;
    object.readFully(offset, ByteBuffer.wrap(window, 0, (int) length));
    beginBytes = offset;
    endBytes = offset + length;
  }
}
