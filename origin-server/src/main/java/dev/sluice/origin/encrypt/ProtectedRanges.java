package dev.sluice.origin.encrypt;

/**
 * Goes over the protected ranges of a payload that reach into a part of it: of each subsample its
 * protected bytes, or all of a sample that is not divided. Positions count in the payload.
 */
final class ProtectedRanges {
  private final SubsampleMap map;
  private final SamplePayload payload;
  private long from;
  private long to;
  private int nextSample;
  private int nextEntry;
  private long nextBytes;
  private long nextProtectedBefore;
  private int sample;
  private long startBytes;
  private long endBytes;
  private long protectedBefore;

  ProtectedRanges(SubsampleMap map, SamplePayload payload) {
    if (map.sampleCount() != payload.sampleCount()) {
      throw new IllegalArgumentException(
          "subsample map: %d samples (expected: %d, as the payload)"
              .formatted(map.sampleCount(), payload.sampleCount()));
    }
    this.map = map;
    this.payload = payload;
  }

  /** Begins anew with the ranges that reach into this part of the payload. */
  void begin(long fromBytes, long toBytes) {
    from = fromBytes;
    to = toBytes;
    beginSample(payload.sampleAt(fromBytes));
  }

  /** Moves to the next range, and says whether there is one. It has at least one byte. */
  boolean next() {
    while (nextSample < payload.sampleCount() && payload.startBytes(nextSample) < to) {
      if (nextEntry == entryCount(nextSample)) {
        endSample();
        continue;
      }
      readEntry();
      if (startBytes < to && endBytes > from && endBytes > startBytes) {
        return true;
      }
    }
    return false;
  }

  /** The sample that the range lies in. */
  int sample() {
    return sample;
  }

  /** Where the range begins. */
  long startBytes() {
    return startBytes;
  }

  /** Where the range ends. */
  long endBytes() {
    return endBytes;
  }

  /** How many protected bytes of the sample lie before the range. */
  long protectedBefore() {
    return protectedBefore;
  }

  private int entryCount(int of) {
    return map.hasSubsamples() ? map.entryCount(of) : 1;
  }

  private void readEntry() {
    boolean divided = map.hasSubsamples();
    sample = nextSample;
    startBytes = nextBytes + (divided ? map.clearBytes(sample, nextEntry) : 0);
    endBytes =
        divided
            ? startBytes + map.protectedBytes(sample, nextEntry)
            : payload.startBytes(sample + 1);
    protectedBefore = nextProtectedBefore;
    nextProtectedBefore += endBytes - startBytes;
    nextBytes = endBytes;
    nextEntry++;
  }

  private void endSample() {
    long end = payload.startBytes(nextSample + 1);
    if (nextBytes != end) {
      long start = payload.startBytes(nextSample);
      throw new IllegalStateException(
          "subsamples of sample %d: %d bytes (expected: %d, the sample)"
              .formatted(nextSample, nextBytes - start, end - start));
    }
    beginSample(nextSample + 1);
  }

  private void beginSample(int begun) {
    nextSample = begun;
    nextEntry = 0;
    nextBytes = payload.startBytes(begun);
    nextProtectedBefore = 0;
  }
}
