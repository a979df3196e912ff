package dev.sluice.benchmarks;

import dev.sluice.benchmarks.load.LoadTool;
import java.io.IOException;
import java.util.Arrays;

/**
 * What {@code java -jar benchmarks-all.jar} starts: the load tool by {@code load}, else JMH with
 * the arguments as they are.
 */
public final class Main {
  private Main() {}

  /**
   * Runs the benchmarks whose names match, or plays sessions.
   *
   * @param args regular expressions and options of JMH; {@code -h} lists them
   */
  public static void main(String[] args) throws IOException {
    if (args.length > 0 && args[0].equals("load")) {
      LoadTool.main(Arrays.copyOfRange(args, 1, args.length));
      return;
    }
    org.openjdk.jmh.Main.main(args);
  }
}
