package dev.sluice.benchmarks.micro;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.benchmarks.cipher.BufferFragments;
import dev.sluice.benchmarks.cipher.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures the {@linkplain Tracked tracked ratios} and prints their table.
 *
 * <p>The clock of a shared machine changes for seconds at a time. So the two benchmarks of a ratio
 * run directly one behind the other, a fork each, and this again in round after round; the median
 * of the rounds' ratios counts.
 *
 * <pre>
 *   --rounds N           how many rounds (default: 5)
 *   --engine NAME,NAME   which engines (default: best)
 *   --buffers KIND       DIRECT, HEAP or HEAP_TO_DIRECT (default: DIRECT)
 *   --iterations N,MS    of each fork, and how long each is; as many before to warm up (default:
 *                        5,1000)
 *   --json FILE          writes every iteration
 * </pre>
 */
public final class Micro {
  private static final int MAX_ROUNDS = 1000;
  private static final int MAX_ITERATIONS = 1000;
  private static final int MAX_ITERATION_MS = 60_000;

  private record Settings(
      int rounds,
      List<String> engines,
      BufferFragments.Kind buffers,
      int iterations,
      int iterationMs,
      Optional<Path> json) {}

  private final Settings settings;

  private Micro(Settings settings) {
    this.settings = settings;
  }

  /** Runs. */
  public static void main(String[] args) throws RunnerException, IOException {
    Settings settings;
    try {
      settings = settings(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    List<Round> rounds = new Micro(settings).run();
    System.out.print(RatioTable.render(rounds));
    if (settings.json().isPresent()) {
      write(settings.json().get(), rounds);
    }
  }

  private static Settings settings(String[] args) {
    var options = new HashMap<String, String>();
    for (int i = 0; i < args.length; i += 2) {
      if (!Set.of("--rounds", "--engine", "--buffers", "--iterations", "--json").contains(args[i])
          || i + 1 == args.length) {
        throw new IllegalArgumentException(
            "%s: (expected: --rounds, --engine, --buffers, --iterations or --json, and a value)"
                .formatted(args[i]));
      }
      options.put(args[i], args[i + 1]);
    }
    String[] iterations = options.getOrDefault("--iterations", "5,1000").split(",", 2);
    if (iterations.length != 2) {
      throw new IllegalArgumentException(
          "--iterations: %s (expected: N,MS)".formatted(iterations[0]));
    }
    var engines = List.of(options.getOrDefault("--engine", Engines.BEST).split(",", -1));
    engines.forEach(Engines::require);
    return new Settings(
        number("--rounds", options.getOrDefault("--rounds", "5"), MAX_ROUNDS),
        engines,
        BufferFragments.Kind.valueOf(options.getOrDefault("--buffers", "DIRECT")),
        number("--iterations", iterations[0], MAX_ITERATIONS),
        number("--iterations", iterations[1], MAX_ITERATION_MS),
        Optional.ofNullable(options.get("--json")).map(Path::of));
  }

  private static int number(String option, String text, int max) {
    if (text.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= max) {
        return number;
      }
    }
    throw new IllegalArgumentException("%s: %s (expected: 1 to %d)".formatted(option, text, max));
  }

  private List<Round> run() throws RunnerException {
    var rounds = new ArrayList<Round>();
    for (int round = 1; round <= settings.rounds(); round++) {
      for (Tracked tracked : Tracked.values()) {
        for (String engine : settings.engines()) {
          System.err.printf(
              "round %d of %d: %s (%s)%n", round, settings.rounds(), tracked.title(), engine);
          rounds.add(round(tracked, engine));
        }
      }
    }
    return rounds;
  }

  private Round round(Tracked tracked, String engine) throws RunnerException {
    var time = TimeValue.milliseconds(settings.iterationMs());
    var options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(tracked.measured()) + "$")
            .include("^" + Pattern.quote(tracked.base()) + "$")
            .forks(1)
            .warmupIterations(settings.iterations())
            .warmupTime(time)
            .measurementIterations(settings.iterations())
            .measurementTime(time)
            .param("engine", engine)
            .param("buffers", settings.buffers().name())
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    tracked.params().forEach(options::param);
    Collection<RunResult> results = new Runner(options.build()).run();
    return new Round(
        tracked, engine, micros(results, tracked.measured()), micros(results, tracked.base()));
  }

  private static List<Double> micros(Collection<RunResult> results, String benchmark) {
    List<Double> micros =
        results.stream()
            .filter(result -> result.getParams().getBenchmark().equals(benchmark))
            .flatMap(result -> result.getBenchmarkResults().stream())
            .flatMap(fork -> fork.getIterationResults().stream())
            .map(iteration -> iteration.getPrimaryResult().getScore())
            .toList();
    if (micros.isEmpty()) {
      throw new IllegalStateException("%s: no result (expected: one)".formatted(benchmark));
    }
    return micros;
  }

  private static void write(Path file, List<Round> rounds) throws IOException {
    var all = new ArrayList<Map<String, Object>>();
    for (Round round : rounds) {
      var one = new LinkedHashMap<String, Object>();
      one.put("ratio", round.tracked().title());
      one.put("engine", round.engine());
      one.put("benchmark", round.tracked().measured());
      one.put("micros", round.measuredMicros());
      one.put("base", round.tracked().base());
      one.put("baseMicros", round.baseMicros());
      all.add(one);
    }
    Files.writeString(
        file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n");
  }
}
