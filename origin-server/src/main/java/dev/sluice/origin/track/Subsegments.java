package dev.sluice.origin.track;

import dev.sluice.origin.mp4.SegmentIndexBox;

/**
 * Which subsegment of a {@code sidx} a place in the file belongs to, and whether the file agrees
 * with the index.
 */
final class Subsegments {
  private final SegmentIndexBox index;
  private int next;
  private boolean agrees = true;

  Subsegments(SegmentIndexBox index) {
    this.index = index;
  }

  /** Tells of each box at top level, in file order: a subsegment has to begin with one. */
  void boxAt(long offsetBytes, boolean moof) {
    while (next < index.count() && index.boundaryBytes(next) <= offsetBytes) {
      agrees &= index.boundaryBytes(next) == offsetBytes;
      next++;
    }
    if (moof) {
      agrees &= of(offsetBytes) >= 0;
    }
  }

  /** Whether every subsegment began with a box, and every movie fragment was in one. */
  boolean agrees() {
    return agrees && next == index.count();
  }

  /** The track that is indexed. */
  int trackId() {
    return index.referenceId();
  }

  /** How many there are. */
  int count() {
    return index.count();
  }

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
