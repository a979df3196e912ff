package dev.sluice.origin.encrypt;

import dev.sluice.origin.media.MappedBytes;
import dev.sluice.origin.track.FragmentSamples;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The clear samples of a fragment one after another, as {@code mdat} holds them, read from where
 * they lie in the object.
 */
public final class SamplePayload implements SampleBytes {
  private final FragmentSamples samples;
  private final SampleBytes object;
  private final long[] startBytes;

  /** Where in the payload the run ends that a sample is part of. */
  private final long[] runEnd;

  /** The payload of these samples, which lie in this object. */
  public SamplePayload(FragmentSamples samples, SampleBytes object) {
    this.samples = samples;
    this.object = object;
    this.startBytes = new long[samples.count() + 1];
    for (int i = 0; i < samples.count(); i++) {
      startBytes[i + 1] = startBytes[i] + samples.sizeBytes(i);
    }
    this.runEnd = runEnds();
  }

  private long[] runEnds() {
    int count = samples.count();
    var ends = new long[count];
    for (int i = count - 1; i >= 0; i--) {
      boolean goesOn =
          i + 1 < count
              && samples.offsetBytes(i + 1) == samples.offsetBytes(i) + samples.sizeBytes(i);
      ends[i] = goesOn ? ends[i + 1] : startBytes[i + 1];
    }
    return ends;
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
      int length = (int) Math.min(runBytes(position), limit - out.position());
      out.limit(out.position() + length);
      object.read(offsetBytes(position), out);
      out.limit(limit);
      position += length;
    }
  }

  @Override
  public boolean readNow(long positionBytes, ByteBuffer out) {
    int begin = out.position();
    int limit = out.limit();
    long position = positionBytes;
    while (out.position() < limit) {
      int length = (int) Math.min(runBytes(position), limit - out.position());
      out.limit(out.position() + length);
      boolean read = object.readNow(offsetBytes(position), out);
      out.limit(limit);
      if (!read) {
        out.position(begin);
        return false;
      }
      position += length;
    }
    return true;
  }

  @Override
  public Optional<MappedBytes> mapped(long positionBytes, int lengthBytes) {
    return lengthBytes <= runBytes(positionBytes)
        ? object.mapped(offsetBytes(positionBytes), lengthBytes)
        : Optional.empty();
  }

  /** Where in the object this byte lies. */
  public long offsetBytes(long positionBytes) {
    int sample = sampleAt(positionBytes);
    return samples.offsetBytes(sample) + (positionBytes - startBytes[sample]);
  }

  /**
   * How many bytes from this one on follow each other in the object as they do here.
   *
   * @param positionBytes below the payload's length
   */
  public long runBytes(long positionBytes) {
    if (positionBytes < 0 || positionBytes >= lengthBytes()) {
      throw new IllegalStateException(
          "payload: read at %d (expected: below %d)".formatted(positionBytes, lengthBytes()));
    }
    return runEnd[sampleAt(positionBytes)] - positionBytes;
  }
}
