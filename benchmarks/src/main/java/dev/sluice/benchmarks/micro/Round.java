package dev.sluice.benchmarks.micro;

import java.util.List;

/**
 * One fork of each of the two benchmarks of a ratio, one directly behind the other.
 *
 * @param engine its name, as benchmarks are given it
 * @param measuredMicros of each iteration, for a call
 * @param baseMicros the same of the one that it is compared with
 */
record Round(Tracked tracked, String engine, List<Double> measuredMicros, List<Double> baseMicros) {

  Round {
    measuredMicros = List.copyOf(measuredMicros);
    baseMicros = List.copyOf(baseMicros);
  }

  /** How many times as fast as the base: by the medians of the iterations. */
  double ratio() {
    return median(baseMicros) / median(measuredMicros);
  }

  /** The middle one of these, at least one; of an even number the mean of the middle two. */
  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
