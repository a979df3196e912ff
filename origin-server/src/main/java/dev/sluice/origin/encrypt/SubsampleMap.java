package dev.sluice.origin.encrypt;

import dev.sluice.origin.track.FragmentSamples;
import java.util.Arrays;

/**
 * What is clear and what is protected in each sample of a fragment. Each entry is a clear run and
 * the protected bytes behind it, as in {@code senc}; the entries of a sample span it exactly.
 * Primitive arrays only.
 */
public final class SubsampleMap {

  /** The longest clear run of an entry: its field has 16 bits. */
  public static final int MAX_CLEAR_BYTES = 65_535;

  private static final int OBJECT_BYTES = 96;

  private final boolean subsamples;
  private final int[] endEntry;
  private final short[] clearBytes;
  private final int[] protectedBytes;
  private final int sampleCount;
  private final long totalProtectedBytes;

  private SubsampleMap(
      boolean subsamples,
      int sampleCount,
      int[] endEntry,
      short[] clearBytes,
      int[] protectedBytes,
      long totalProtectedBytes) {
    this.subsamples = subsamples;
    this.sampleCount = sampleCount;
    this.endEntry = endEntry;
    this.clearBytes = clearBytes;
    this.protectedBytes = protectedBytes;
    this.totalProtectedBytes = totalProtectedBytes;
  }

  /** Samples that are protected from their first byte to their last, as audio is: no entries. */
  public static SubsampleMap fullSamples(FragmentSamples samples) {
    return new SubsampleMap(
        false, samples.count(), new int[0], new short[0], new int[0], samples.totalBytes());
  }

  /** How many samples there are. */
  public int sampleCount() {
    return sampleCount;
  }

  /** Whether samples are divided. If not, each is protected as a whole and has no entries. */
  public boolean hasSubsamples() {
    return subsamples;
  }

  /** How many entries a sample has. 0 for a sample of no bytes, and if samples are not divided. */
  public int entryCount(int sample) {
    return subsamples ? endEntry[sample] - firstEntry(sample) : 0;
  }

  /** The clear run of the entry {@code k} of a sample, at most 65,535. */
  public int clearBytes(int sample, int k) {
    return clearBytes[firstEntry(sample) + k] & 0xffff;
  }

  /** The protected bytes of the entry {@code k} of a sample. */
  public int protectedBytes(int sample, int k) {
    return protectedBytes[firstEntry(sample) + k];
  }

  /** How many entries all samples have. */
  public int totalEntryCount() {
    return protectedBytes.length;
  }

  /** How many bytes are protected in all samples. */
  public long totalProtectedBytes() {
    return totalProtectedBytes;
  }

  /** What the map takes of the heap, for a cache to weigh it. */
  public int weightBytes() {
    return OBJECT_BYTES
        + Integer.BYTES * endEntry.length
        + (Short.BYTES + Integer.BYTES) * protectedBytes.length;
  }

  private int firstEntry(int sample) {
    return sample == 0 ? 0 : endEntry[sample - 1];
  }

  /** Collects the runs of sample after sample. */
  static final class Builder {
    private final int[] endEntry;
    private final int maxEntriesPerSample;
    private short[] clear = new short[64];
    private int[] protect = new int[64];
    private int sample;
    private int entries;
    private int sampleEntries;
    private long clearRun;
    private long sampleBytes;
    private long totalProtected;

    Builder(int sampleCount, int maxEntriesPerSample) {
      this.endEntry = new int[sampleCount];
      this.maxEntriesPerSample = maxEntriesPerSample;
    }

    /** Adds bytes to the clear run. */
    void addClear(long bytes) {
      clearRun += bytes;
      sampleBytes += bytes;
    }

    /** Adds protected bytes behind the clear run, and ends the entry. None: adds nothing. */
    void addProtected(int bytes) {
      if (bytes > 0) {
        endEntry(bytes);
        sampleBytes += bytes;
        totalProtected += bytes;
      }
    }

    /** How many entries the sample has, were it to end here; more than are kept if too many. */
    int endSample(int expectedBytes) {
      if (clearRun > 0) {
        endEntry(0);
      }
      if (sampleBytes != expectedBytes) {
        throw new IllegalStateException(
            "subsample map: %d bytes (expected: %d, the sample's size)"
                .formatted(sampleBytes, expectedBytes));
      }
      endEntry[sample] = entries;
      sample++;
      int count = sampleEntries;
      sampleEntries = 0;
      sampleBytes = 0;
      return count;
    }

    SubsampleMap build() {
      return new SubsampleMap(
          true,
          endEntry.length,
          endEntry,
          Arrays.copyOf(clear, entries),
          Arrays.copyOf(protect, entries),
          totalProtected);
    }

    private void endEntry(int protectedBytes) {
      while (clearRun > MAX_CLEAR_BYTES) {
        append(MAX_CLEAR_BYTES, 0);
        clearRun -= MAX_CLEAR_BYTES;
      }
      append((int) clearRun, protectedBytes);
      clearRun = 0;
    }

    private void append(int clearBytes, int protectedBytes) {
      sampleEntries++;
      if (sampleEntries > maxEntriesPerSample) {
        return;
      }
      if (entries == clear.length) {
        clear = Arrays.copyOf(clear, Math.multiplyExact(entries, 2));
        protect = Arrays.copyOf(protect, Math.multiplyExact(entries, 2));
      }
      clear[entries] = (short) clearBytes;
      protect[entries] = protectedBytes;
      entries++;
    }
  }
}
