package dev.sluice.origin.track;

import java.util.List;
import java.util.Optional;

/**
 * What a container holds, and what is wrong with it.
 *
 * @param title absent where it cannot be served
 * @param problems a sentence each; where there is no title the last one says why
 */
public record TitleReport(Optional<Title> title, List<String> problems) {

  public TitleReport {
    problems = List.copyOf(problems);
  }
}
