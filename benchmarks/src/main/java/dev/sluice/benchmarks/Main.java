package dev.sluice.benchmarks;

import java.io.IOException;

/** What {@code java -jar benchmarks-all.jar} starts: JMH, with the arguments as they are. */
public final class Main {
  private Main() {}

  /**
   * Runs the benchmarks whose names match.
   *
   * @param args regular expressions and options of JMH; {@code -h} lists them
   */
  public static void main(String[] args) throws IOException {
    org.openjdk.jmh.Main.main(args);
  }
}
