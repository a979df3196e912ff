package dev.sluice.origin.mp4;

import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * The {@code trun} box: samples that lie one behind the other.
 *
 * <pre>
 *   version (8) = 0, 1 | flags (24)
 *   sample_count (32)
 *   data_offset (32), signed                 only if flags &amp; 0x001
 *   first_sample_flags (32)                  only if flags &amp; 0x004
 *   for each sample:
 *     sample_duration (32)                   only if flags &amp; 0x100
 *     sample_size (32)                       only if flags &amp; 0x200
 *     sample_flags (32)                      only if flags &amp; 0x400
 *     sample_composition_time_offset (32)    only if flags &amp; 0x800
 * </pre>
 *
 * <p>Composition offsets are read as signed in both versions: version 0 with wrapped negatives is
 * common. Spec: ISOBMFF 8.8.8.
 */
public final class TrackRunBox {

  /** The most samples that one run may have. */
  public static final int MAX_SAMPLES = 1 << 20;

  private static final int DATA_OFFSET = 0x001;
  private static final int FIRST_SAMPLE_FLAGS = 0x004;
  private static final int DURATION = 0x100;
  private static final int SIZE = 0x200;
  private static final int FLAGS = 0x400;
  private static final int COMPOSITION_OFFSET = 0x800;

  private final int sampleCount;
  private final OptionalInt dataOffset;
  private final OptionalInt firstSampleFlags;
  private final int strideBytes;
  private final int durationAt;
  private final int sizeAt;
  private final int flagsAt;
  private final int compositionOffsetAt;
  private final ByteBuffer entries;

  private TrackRunBox(
      int flags,
      int sampleCount,
      OptionalInt dataOffset,
      OptionalInt firstSampleFlags,
      ByteBuffer entries) {
    this.sampleCount = sampleCount;
    this.dataOffset = dataOffset;
    this.firstSampleFlags = firstSampleFlags;
    this.entries = entries;
    this.strideBytes = strideBytes(flags);
    this.durationAt = (flags & DURATION) != 0 ? 0 : -1;
    this.sizeAt = (flags & SIZE) != 0 ? strideBytes(flags & DURATION) : -1;
    this.flagsAt = (flags & FLAGS) != 0 ? strideBytes(flags & (DURATION | SIZE)) : -1;
    this.compositionOffsetAt =
        (flags & COMPOSITION_OFFSET) != 0 ? strideBytes(flags & (DURATION | SIZE | FLAGS)) : -1;
  }

  /** Reads the payload. Allocates nothing in proportion to the number of samples. */
  public static TrackRunBox read(BoxReader in) {
    in.skip(1, "version");
    int flags = in.uint24("flags");
    long count = in.uint32("sample_count");
    if (count > MAX_SAMPLES) {
      throw in.malformed(
          "sample_count: %d (expected: <= %d)".formatted(count, MAX_SAMPLES), "ISOBMFF 8.8.8");
    }
    OptionalInt dataOffset =
        (flags & DATA_OFFSET) != 0 ? OptionalInt.of(in.int32("data_offset")) : OptionalInt.empty();
    OptionalInt firstSampleFlags =
        (flags & FIRST_SAMPLE_FLAGS) != 0
            ? OptionalInt.of(in.int32("first_sample_flags"))
            : OptionalInt.empty();
    long entryBytes = count * strideBytes(flags);
    if (entryBytes > in.remaining()) {
      throw in.malformed(
          "sample_count: %d (expected: entries of %d bytes, %d are left)"
              .formatted(count, strideBytes(flags), in.remaining()),
          "ISOBMFF 8.8.8");
    }
    return new TrackRunBox(
        flags, (int) count, dataOffset, firstSampleFlags, in.view((int) entryBytes, "samples"));
  }

  /** How many samples the run has. */
  public int sampleCount() {
    return sampleCount;
  }

  /** Where the run begins, from the base of its track fragment. */
  public OptionalInt dataOffset() {
    return dataOffset;
  }

  /** Whether the run states the size of each sample. */
  public boolean hasSizes() {
    return sizeAt >= 0;
  }

  /** The duration of a sample, unsigned, or the default. */
  public long durationTicks(int sample, int defaultTicks) {
    return Integer.toUnsignedLong(field(sample, durationAt, defaultTicks));
  }

  /** The size of a sample, unsigned, or the default. */
  public long sizeBytes(int sample, int defaultBytes) {
    return Integer.toUnsignedLong(field(sample, sizeAt, defaultBytes));
  }

  /** The flags of a sample, or the default. */
  public int flags(int sample, int defaultFlags) {
    if (sample == 0 && firstSampleFlags.isPresent()) {
      return firstSampleFlags.getAsInt();
    }
    return field(sample, flagsAt, defaultFlags);
  }

  /** The composition offset of a sample, 0 where the run has none. */
  public int compositionOffsetTicks(int sample) {
    return field(sample, compositionOffsetAt, 0);
  }

  private int field(int sample, int fieldAt, int otherwise) {
    return fieldAt < 0 ? otherwise : entries.getInt(sample * strideBytes + fieldAt);
  }

  private static int strideBytes(int flags) {
    return Integer.bitCount(flags & (DURATION | SIZE | FLAGS | COMPOSITION_OFFSET)) * Integer.BYTES;
  }
}
