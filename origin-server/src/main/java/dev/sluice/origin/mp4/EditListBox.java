package dev.sluice.origin.mp4;

/**
 * The {@code elst} box: which part of a track is presented. More than one edit that is not empty is
 * refused: no streaming client plays it.
 *
 * <p>Spec: ISOBMFF 8.6.6.
 *
 * @param mediaTimeTicks media_time of the only edit that is not empty; 0 where there is none
 */
public record EditListBox(long mediaTimeTicks) {
  private static final String CLAUSE = "ISOBMFF 8.6.6";
  private static final long EMPTY = -1;

  /** Reads the payload, version 0 or 1. */
  public static EditListBox read(BoxReader in) {
    int version = in.uint8("version");
    if (version > 1) {
      throw in.malformed("version: %d (expected: 0 or 1)".formatted(version), CLAUSE);
    }
    in.skip(3, "flags");
    long count = in.uint32("entry_count");
    int entryBytes = version == 0 ? 12 : 20;
    if (count * entryBytes > in.remaining()) {
      throw in.malformed(
          "entry_count: %d (expected: %d bytes each, %d are left)"
              .formatted(count, entryBytes, in.remaining()),
          CLAUSE);
    }
    long mediaTime = 0;
    int edits = 0;
    for (long i = 0; i < count; i++) {
      in.skip(version == 0 ? 4 : 8, "segment_duration");
      long time = version == 0 ? in.int32("media_time") : in.int64("media_time");
      in.skip(4, "media_rate");
      if (time == EMPTY) {
        continue;
      }
      if (time < 0) {
        throw in.malformed("media_time: %d (expected: >= -1)".formatted(time), CLAUSE);
      }
      if (++edits > 1) {
        throw in.malformed("edits: more than one (expected: one that is not empty)", CLAUSE);
      }
      mediaTime = time;
    }
    return new EditListBox(mediaTime);
  }
}
