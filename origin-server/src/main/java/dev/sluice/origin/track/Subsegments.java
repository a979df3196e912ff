package dev.sluice.origin.track;

import dev.sluice.origin.mp4.SegmentIndexBox;

/** Which subsegment of a {@code sidx} a place in the file belongs to. */
record Subsegments(SegmentIndexBox index) {

  /** The reference whose bytes hold this one; -1 where none does. */
  int of(long offsetBytes) {
    int low = 0;
    int high = index.count();
    // The first boundary behind the offset.
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (index.boundaryBytes(middle) <= offsetBytes) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return offsetBytes < index.boundaryBytes(index.count()) ? low - 1 : -1;
  }
}
