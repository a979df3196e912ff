package dev.sluice.origin.mp4;

/**
 * The {@code sidx} box: where the subsegments of one track lie.
 *
 * <pre>
 *   version (8) = 0, 1 | flags (24)
 *   reference_ID (32), timescale (32)
 *   earliest_presentation_time, first_offset    (32) each in version 0, else (64)
 *   reserved (16), reference_count (16)
 *   for each: reference_type (1), referenced_size (31), subsegment_duration (32), SAP (32)
 * </pre>
 *
 * <p>Spec: ISOBMFF 8.16.3. An index of indexes is refused.
 */
public final class SegmentIndexBox {
  private static final String CLAUSE = "ISOBMFF 8.16.3";
  private static final int REFERENCE_BYTES = 12;

  private final int referenceId;
  private final long[] boundaries;

  private SegmentIndexBox(int referenceId, long[] boundaries) {
    this.referenceId = referenceId;
    this.boundaries = boundaries;
  }

  /** Reads the payload. Offsets count from the end of the box. */
  public static SegmentIndexBox read(BoxReader in) {
    int version = in.uint8("version");
    if (version > 1) {
      throw in.malformed("version: %d (expected: 0 or 1)".formatted(version), CLAUSE);
    }
    in.skip(3, "flags");
    int referenceId = in.int32("reference_ID");
    in.skip(4, "timescale");
    in.skip(version == 0 ? 4 : 8, "earliest_presentation_time");
    long firstOffset = version == 0 ? in.uint32("first_offset") : in.uint64("first_offset");
    in.skip(2, "reserved");
    int count = in.uint16("reference_count");
    if (count * REFERENCE_BYTES > in.remaining()) {
      throw in.malformed(
          "reference_count: %d (expected: 12 bytes each, %d are left)"
              .formatted(count, in.remaining()),
          CLAUSE);
    }
    long[] boundaries = new long[count + 1];
    long at = in.offsetBytes() + in.remaining();
    if (firstOffset > Long.MAX_VALUE - at - ((long) count << 31)) {
      throw in.malformed(
          "first_offset: %d (expected: within a file)".formatted(firstOffset), CLAUSE);
    }
    at += firstOffset;
    for (int i = 0; i < count; i++) {
      boundaries[i] = at;
      int typeAndSize = in.int32("reference");
      if (typeAndSize < 0) {
        throw in.malformed(
            "reference_type: 1 (expected: 0, media; a hierarchical sidx is not supported)", CLAUSE);
      }
      at += typeAndSize;
      in.skip(REFERENCE_BYTES - 4, "subsegment_duration and SAP");
    }
    boundaries[count] = at;
    return new SegmentIndexBox(referenceId, boundaries);
  }

  /** The track that it indexes. */
  public int referenceId() {
    return referenceId;
  }

  /** How many references there are. */
  public int count() {
    return boundaries.length - 1;
  }

  /** Where a reference begins in the file; with {@code count()}, where the last one ends. */
  public long boundaryBytes(int reference) {
    return boundaries[reference];
  }
}
