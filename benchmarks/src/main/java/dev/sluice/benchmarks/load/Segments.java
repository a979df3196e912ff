package dev.sluice.benchmarks.load;

import java.util.List;

/**
 * The segments of a rendition, in order. Immutable; segments may be made when they are asked for.
 */
interface Segments {
  /** At most this many are read of one rendition: a month in 2-second segments. */
  int MAX_COUNT = 1_500_000;

  /** How many there are. */
  int count();

  /**
   * One of them.
   *
   * @param index from 0
   * @throws LoadFailure if its URL is none
   */
  Segment at(int index) throws LoadFailure;

  /** Segments that a list holds. */
  static Segments of(List<Segment> list) {
    var copy = List.copyOf(list);
    return new Segments() {
      @Override
      public int count() {
        return copy.size();
      }

      @Override
      public Segment at(int index) {
        return copy.get(index);
      }
    };
  }

  /** One after the other. */
  static Segments concat(List<Segments> parts) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    var copy = List.copyOf(parts);
    int total = copy.stream().mapToInt(Segments::count).sum();
    return new Segments() {
      @Override
      public int count() {
        return total;
      }

      @Override
      public Segment at(int index) throws LoadFailure {
        int left = index;
        for (var part : copy) {
          if (left < part.count()) {
            return part.at(left);
          }
          left -= part.count();
        }
        throw new IndexOutOfBoundsException(index);
      }
    };
  }
}
