package dev.sluice.origin.manifest.smooth;

import dev.sluice.origin.manifest.SwitchingSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The names of streams. Clients tell streams apart by them, so no two are equal; what a URL says is
 * the track's name, which several streams may have.
 */
final class StreamNames {

  private StreamNames() {}

  /** The name of each set: its tracks' own, or where an earlier set has that, a numbered one. */
  static List<String> of(List<SwitchingSet> sets) {
    Set<String> own = sets.stream().map(set -> set.first().name()).collect(Collectors.toSet());
    Set<String> taken = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (SwitchingSet set : sets) {
      String name = set.first().name();
      for (int number = 2; taken.contains(name); number++) {
        String numbered = set.first().name() + "-" + number;
        name = own.contains(numbered) ? name : numbered;
      }
      taken.add(name);
      names.add(name);
    }
    return names;
  }
}
