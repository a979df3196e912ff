package dev.sluice.origin.track;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with media that can be served all the same, a sentence each. */
final class TrackProblems {
  private static final int MAX_PROBLEMS = 100;
  private final List<String> problems = new ArrayList<>();

  /** Adds a sentence. Beyond the hundredth they are dropped. */
  void add(String problem) {
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(problem);
    }
  }

  List<String> all() {
    return List.copyOf(problems);
  }
}
